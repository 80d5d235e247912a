"""A log whose process is killed at one of its appends: before it, in the middle of its transaction, or right after."""


class Killed(BaseException):
    """The process is gone: nothing that stands around this in it runs on."""


class Dying:
    """Dies at the first point at which nobody has died yet; `deaths` are theirs."""

    def __init__(self, log, deaths):
        self._log, self._deaths = log, deaths

    def __getattr__(self, name):
        return getattr(self._log, name)

    def point(self, *name):
        if name not in self._deaths:
            self._deaths.add(name)
            raise Killed

    def appender(self):
        return _Appender(self, self._log.appender())

    def sole_writer(self, name):
        return _Writer(self, self._log.sole_writer(name))


class _Appender:
    def __init__(self, dying, inner):
        self._dying, self._inner = dying, inner
        self.close = inner.close

    def append(self, messages):
        self._dying.point("append", messages[0].key, messages[0].headers)
        return self._inner.append(messages)


class _Writer:
    def __init__(self, dying, inner):
        self._dying, self._inner = dying, inner
        self.close = inner.close

    def write(self, messages, then):
        self._dying.point("before")

        def dying(places):
            following = then(places)
            try:
                self._dying.point("in the middle")
            except Killed:
                self._let_go()
                raise
            return following

        places = self._inner.write(messages, dying)
        self._dying.point("after")
        return places

    def _let_go(self):
        """Who is killed aborts no transaction and closes no connection: it stays open until another ends it."""
        if hasattr(self._inner, "_producer"):
            self._inner._producer.abort_transaction = lambda: None
