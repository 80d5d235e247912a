"""Uploads 批量导入: tables of cases, inspections and subjects as organs have them, taken whole or not at all."""
