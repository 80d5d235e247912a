"""What subjects have to say 异议、陈述, and what comes of it: it is written, so it stands at the door."""
