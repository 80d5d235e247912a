"""What is filed between plan and freeze, over HTTP."""
