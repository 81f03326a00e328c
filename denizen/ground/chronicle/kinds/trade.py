"""Trade and talk: plain behaviours of any brand, as outside systems and imported files report them."""

from __future__ import annotations

from typing import Annotated

from .declare import Money, Number, Reversal, Word, kind


@kind(600, "Purchase made", "购物", rows=("B-67", "H-03"))
class PurchaseMade:
    amount: Annotated[int, Money("Amount paid", "实付金额")]
    currency: Annotated[str | None, Word("Currency", "币种")] = None
    items: Annotated[int, Number("Items", "件数", 1_000_000)]
    order: Annotated[str | None, Word("The order", "订单")] = None


@kind(601, "Purchase refunded", "购物退款", rows=("B-67",), reverses=PurchaseMade)
class PurchaseRefunded(Reversal):
    pass


@kind(602, "Message sent", "发送消息", rows=("B-67", "D-10"))
class MessageSent:
    """``receiver`` is a token: a message counts for its sender, and the receiver need not be a resident."""

    receiver: Annotated[str, Word("The receiver", "收信人")]
    conversation: Annotated[str | None, Word("The conversation", "会话")] = None


@kind(603, "Message withdrawn", "撤回消息", rows=("B-67",), reverses=MessageSent)
class MessageWithdrawn(Reversal):
    pass
