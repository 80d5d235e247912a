"""Notices of deductions 信用积分通知书, each with a one-time code."""
