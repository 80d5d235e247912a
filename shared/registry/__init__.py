"""Who and where: kinds, subject ids, credit codes, plates, regions. Pure: standard library only."""
