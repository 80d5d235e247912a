"""Draws 双随机抽查, from plan to public proof: event-sourced on `draws.v1`, documents on `documents.v1`."""
