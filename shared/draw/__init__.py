"""Draws that anyone can recompute: the protocol `chengxin-draw/1` 双随机抽查 (pure: standard library only)."""
