"""How good the decisions are: weights estimated, and every kind of corruption put through finding and weighing."""
