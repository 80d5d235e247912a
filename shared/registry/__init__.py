"""Who and where: kinds, subject ids, credit codes, regions. Pure: standard library only."""
