"""What can go wrong with a paper beside its state."""

from fangxing.errors import ErrorType, Kind

NOT_YOUR_PAPER = ErrorType(
    "not-your-paper", Kind.FORBIDDEN, "只有提交人可以撤回", "Only its author takes a paper back", clause="1-3"
)
