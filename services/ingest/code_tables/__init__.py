"""Tables of organs' own codes 自编码对照表: what each means among the violation codes of the rulebooks."""
