"""`chengxin …`: the command line. Each command lies in a module of its own, imported when it is called."""

from __future__ import annotations

from importlib import import_module

import click

COMMANDS = {
    "up": ("services.cli.up", "up", "Everything on this machine: log, store, workers and web."),
    "serve": ("services.cli.serve", "serve", "The HTTP side of one service, or of all behind one port."),
    "work": ("services.cli.work", "work", "The worker of one service."),
    "sample": ("services.cli.sample", "sample", "A made-up city to look at."),
    "topics": ("services.cli.topics", "topics", "The log's topics."),
    "score": ("services.cli.score", "score", "Scores out of files, offline."),
    "receipt": ("services.cli.receipt", "receipt", "Receipts: verify what a score rests on, offline."),
    "rulebook": ("services.cli.rulebook", "rulebook", "Rulebooks: check, compare, try and publish them."),
    "draw": ("services.cli.draw", "draw", "Draws: make, verify and replace, offline."),
    "keys": ("services.cli.keys", "keys", "Access keys: create, rotate, list, revoke."),
    "signing": ("services.cli.signing", "signing", "The keys that sign: list, rotate; verify a signature, offline."),
    "dead-letters": ("services.cli.dead_letters", "dead_letters", "Dead letters: list, send again, put aside."),
    "events": ("services.cli.events", "events", "Events on the log: where one lies, and what became of it."),
    "status": ("services.cli.status", "status", "How far the workers are, and what has stopped, failed or waits."),
    "breaker": ("services.cli.breaker", "breaker", "Topic partitions stopped for bad events: list, close."),
    "recompute": ("services.cli.recompute", "recompute", "Have subjects scored anew, above all those that failed."),
    "state-hash": ("services.cli.state_hash", "state_hash_command", "One hash over all facts and scores of the store."),
    "rebuild": ("services.cli.rebuild", "rebuild", "Fill a store anew beside the live one, and compare them."),
    "check-config": ("services.cli.check_config", "check_config", "All settings, and every fault of them."),
}
"""Name → module, attribute, what it is for."""


class Lazy(click.Group):
    """A group that imports a command's module when the command is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module, attribute, _ = COMMANDS[cmd_name]
        command: click.Command = getattr(import_module(module), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, what) for name, (_, _, what) in COMMANDS.items()])


@click.group(cls=Lazy)
def main() -> None:
    """Chengxin 城信: credit scores that anyone can recompute.

    Settings come from the environment (CHENGXIN_…); `chengxin check-config` shows them. Exit codes: 0 holds, 1 does
    not hold, 2 wrong use.
    """


if __name__ == "__main__":
    main()
