"""Invariants of the rows themselves."""

from __future__ import annotations

from denizen.ground.ledger.constants import Code, Role
from denizen.ground.ledger.queries.verification.proof import Check

MOVED = """
  SELECT account, sum(amount) AS amount FROM (
    SELECT credit_id AS account, amount FROM ledger_posting
    UNION ALL SELECT debit_id, -amount FROM ledger_posting) AS side GROUP BY account
"""

KIND = (
    "CASE WHEN {0} < 4000 THEN 'points' WHEN {0} < 8000 THEN 'contribution'"
    " WHEN {0} %% 8 = 0 THEN 'wallet' WHEN {0} %% 8 = 1 THEN 'debt' WHEN {0} %% 8 <= 5 THEN 'standing' ELSE '?' END"
)

ROUTES = (
    (Code.FUND, "points", "points"),
    (Code.FUND, "contribution", "contribution"),
    (Code.AWARD, "points", "wallet"),
    (Code.AWARD, "contribution", "standing"),
    (Code.GOODWILL, "points", "wallet"),
    (Code.SPEND, "wallet", "points"),
    (Code.TRANSFER, "wallet", "wallet"),
    (Code.EXPIRE, "wallet", "points"),
    (Code.REVERSE, "wallet", "points"),
    (Code.REVERSE, "standing", "contribution"),
    (Code.REVERSE, "wallet", "wallet"),
    (Code.REVERSE, "points", "points"),
    (Code.REVERSE, "points", "wallet"),
    (Code.REVERSE, "contribution", "contribution"),
    (Code.CLAW_BACK, "debt", "points"),
    (Code.CLAW_BACK, "debt", "wallet"),
    (Code.REPAY, "wallet", "debt"),
    (Code.CORRECTION, "points", "wallet"),
    (Code.CORRECTION, "wallet", "points"),
    (Code.CORRECTION, "debt", "points"),
    (Code.CORRECTION, "contribution", "standing"),
    (Code.REFUND, "points", "wallet"),
)

UNDOING = f"({Code.REVERSE.value}, {Code.CLAW_BACK.value}, {Code.REFUND.value})"
NEVER_UNDONE = (
    f"({Code.EXPIRE.value}, {Code.REVERSE.value}, {Code.CLAW_BACK.value}, {Code.REPAY.value}, {Code.REFUND.value})"
)

SUMS = (
    Check(
        "asset_sum",
        "The balances of an asset do not sum to zero",
        "某种资产的余额合计不为零",
        f"""
        WITH moved AS ({MOVED})
        SELECT CASE WHEN asset THEN 'points' ELSE 'contribution' END FROM (
          SELECT account.id < 4000 OR (account.id >= 8000 AND account.id %% 8 <= 1) AS asset,
            CASE WHEN account.id >= 8000 OR account.role = {Role.LIMITED_BUDGET.value} THEN account.balance
                 ELSE coalesce(moved.amount, 0) END AS amount
          FROM ledger_account AS account LEFT JOIN moved ON moved.account = account.id) AS standing
        GROUP BY asset HAVING sum(amount) <> 0
        """,
    ),
    Check(
        "balance",
        "The stored balance differs from the sum of the postings",
        "记录的余额与流水合计不一致",
        f"""
        WITH moved AS ({MOVED})
        SELECT 'account ' || account.id FROM ledger_account AS account LEFT JOIN moved ON moved.account = account.id
        WHERE (account.id >= 8000 OR account.role = {Role.LIMITED_BUDGET.value})
          AND account.balance <> coalesce(moved.amount, 0)
        """,
    ),
    Check(
        "account_exists",
        "Postings name accounts that do not exist",
        "流水指向不存在的账户",
        f"WITH moved AS ({MOVED}) SELECT 'account ' || account FROM moved"
        " WHERE NOT EXISTS (SELECT FROM ledger_account WHERE id = account)",
    ),
    Check(
        "sign",
        "A balance stands on the wrong side of zero",
        "余额的正负号不对",
        f"""
        SELECT 'account ' || id FROM ledger_account
        WHERE CASE WHEN id >= 8000 AND id %% 8 = 1 THEN balance > 0
                   WHEN id >= 8000 OR role = {Role.LIMITED_BUDGET.value} THEN balance < 0
                   ELSE balance <> 0 END
        """,
    ),
)

LOTS = (
    Check(
        "wallet_lots",
        "What remains of the lots differs from the wallet's balance",
        "批次余量与钱包余额不一致",
        """
        SELECT 'account ' || coalesce(account.id, lots.id) FROM
          (SELECT id, balance FROM ledger_account WHERE id >= 8000 AND id %% 8 = 0) AS account
          FULL JOIN (SELECT account_id AS id, sum(remaining) AS remaining FROM ledger_lot GROUP BY account_id) AS lots
          ON lots.id = account.id
        WHERE coalesce(account.balance, 0) <> coalesce(lots.remaining, 0)
        """,
    ),
    Check(
        "lot_uses",
        "What remains of a lot differs from its amount less its uses",
        "批次余量不等于数量减去用量",
        """
        SELECT 'lot ' || lot.id FROM ledger_lot AS lot
        LEFT JOIN (SELECT lot_id, sum(amount) AS amount FROM ledger_lotuse GROUP BY lot_id) AS used
          ON used.lot_id = lot.id
        WHERE lot.remaining <> lot.amount - coalesce(used.amount, 0)
        """,
    ),
    Check(
        "lot_amounts",
        "A lot's amounts are out of order",
        "批次的数量次序不对",
        "SELECT 'lot ' || id FROM ledger_lot"
        " WHERE NOT (0 <= reserved AND reserved <= remaining AND remaining <= amount AND amount > 0)",
    ),
    Check(
        "lot_origin",
        "A lot does not match the posting that brought it",
        "批次与带来它的流水不符",
        """
        SELECT 'lot ' || lot.id FROM ledger_lot AS lot
        LEFT JOIN ledger_posting AS posting ON posting.id = lot.posting_id
        WHERE posting.id IS NULL OR posting.credit_id <> lot.account_id OR posting.effective_at <> lot.granted_at
        """,
    ),
    Check(
        "posting_lots",
        "A posting moves another amount in a wallet than in its lots",
        "流水在钱包与批次中的数额不一致",
        """
        SELECT 'posting ' || posting FROM (
          SELECT id AS posting, debit_id AS wallet, amount FROM ledger_posting
            WHERE debit_id >= 8000 AND debit_id %% 8 = 0
          UNION ALL SELECT id, credit_id, -amount FROM ledger_posting WHERE credit_id >= 8000 AND credit_id %% 8 = 0
          UNION ALL SELECT used.posting_id, lot.account_id, -used.amount
            FROM ledger_lotuse AS used JOIN ledger_lot AS lot ON lot.id = used.lot_id
          UNION ALL SELECT posting_id, account_id, amount FROM ledger_lot) AS side
        GROUP BY posting, wallet HAVING sum(amount) <> 0
        """,
    ),
)

HOLDS = (
    Check(
        "reserved",
        "What a wallet reserves differs from its pending holds",
        "钱包冻结数与待处理冻结不一致",
        """
        SELECT 'account ' || account.id FROM ledger_account AS account
        LEFT JOIN (SELECT account_id, sum(amount) AS amount FROM (
            SELECT account_id, amount FROM ledger_hold WHERE state = 'pending'
            UNION ALL SELECT account_id, amount FROM ledger_contributionhold WHERE state = 'pending') AS claim
          GROUP BY account_id) AS held ON held.account_id = account.id
        WHERE account.reserved <> coalesce(held.amount, 0)
        """,
    ),
    Check(
        "lot_reserved",
        "What a lot reserves differs from the pending holds on it",
        "批次冻结数与待处理冻结不一致",
        """
        SELECT 'lot ' || lot.id FROM ledger_lot AS lot
        LEFT JOIN (SELECT part.lot_id, sum(part.amount) AS amount FROM ledger_holdlot AS part
          JOIN ledger_hold AS hold ON hold.id = part.hold_id AND hold.state = 'pending' GROUP BY part.lot_id)
          AS held ON held.lot_id = lot.id
        WHERE lot.reserved <> coalesce(held.amount, 0)
        """,
    ),
    Check(
        "hold_lots",
        "A hold claims another amount than its lots, or lots of another wallet",
        "冻结的数额与其批次不符",
        """
        SELECT 'hold ' || hold.id FROM ledger_hold AS hold
        LEFT JOIN ledger_holdlot AS part ON part.hold_id = hold.id LEFT JOIN ledger_lot AS lot ON lot.id = part.lot_id
        GROUP BY hold.id, hold.amount, hold.account_id
        HAVING hold.amount <> coalesce(sum(part.amount), 0) OR bool_or(lot.account_id IS DISTINCT FROM hold.account_id)
        """,
    ),
    Check(
        "hold_resolved",
        "A hold is not resolved once: its state and its posting disagree",
        "冻结未恰好了结一次：状态与流水不符",
        f"""
        SELECT 'hold ' || hold.id FROM ledger_hold AS hold
        LEFT JOIN ledger_posting AS posting ON posting.id = hold.posting_id
        WHERE CASE hold.state
          WHEN 'posted' THEN posting.id IS NULL OR hold.resolved_at IS NULL OR posting.amount <> hold.posted_amount
            OR hold.posted_amount > hold.amount OR posting.debit_id <> hold.account_id
            OR posting.code NOT IN ({Code.SPEND.value}, {Code.TRANSFER.value})
          ELSE hold.posting_id IS NOT NULL OR hold.posted_amount <> 0
            OR (hold.resolved_at IS NULL) <> (hold.state = 'pending') END
        UNION ALL
        SELECT 'posting ' || posting_id FROM ledger_hold WHERE posting_id IS NOT NULL
        GROUP BY posting_id HAVING count(*) > 1
        """,
    ),
)

APART = (
    Check(
        "apart",
        "Contribution kept apart is not what its award still amounts to",
        "待核实的贡献值与其奖励的余额不符",
        f"""
        SELECT 'posting ' || apart.posting_id FROM ledger_contributionhold AS apart
        JOIN ledger_posting AS posting ON posting.id = apart.posting_id
        LEFT JOIN (SELECT reverses_id, sum(amount) AS amount FROM ledger_posting WHERE reverses_id IS NOT NULL
          GROUP BY reverses_id) AS undone ON undone.reverses_id = posting.id
        WHERE apart.state = 'pending' AND (posting.code <> {Code.AWARD.value} OR posting.credit_id <> apart.account_id
          OR apart.amount <> posting.amount - coalesce(undone.amount, 0))
        """,
    ),
)

POSTINGS = (
    Check(
        "amount",
        "A posting moves nothing, or moves it nowhere",
        "流水没有移动数额",
        "SELECT 'posting ' || id FROM ledger_posting WHERE amount <= 0 OR debit_id = credit_id",
    ),
    Check(
        "route",
        "A posting takes a forbidden route",
        "流水走了禁止的路径",
        f"""
        SELECT 'posting ' || id FROM ledger_posting AS posting WHERE NOT EXISTS (
          SELECT FROM (VALUES {", ".join(f"({code.value}, '{debit}', '{credit}')" for code, debit, credit in ROUTES)})
            AS route(code, debit, credit)
          WHERE route.code = posting.code AND route.debit = {KIND.format("debit_id")}
            AND route.credit = {KIND.format("credit_id")})
        """,
    ),
    Check(
        "undone",
        "A posting is undone beyond its amount, or twice over, or to the wrong place",
        "流水被撤销过多，或退错了地方",
        f"""
        SELECT 'posting ' || original.id FROM ledger_posting AS original
        JOIN ledger_posting AS undoing ON undoing.reverses_id = original.id
        GROUP BY original.id, original.amount, original.code, original.debit_id
        HAVING sum(undoing.amount) > original.amount OR original.code IN {NEVER_UNDONE}
          OR bool_or(undoing.credit_id <> original.debit_id OR undoing.code NOT IN {UNDOING})
        UNION ALL
        SELECT 'posting ' || id FROM ledger_posting WHERE code IN {UNDOING} AND reverses_id IS NULL
        """,
    ),
    Check(
        "one_effect",
        "An entry has one effect twice",
        "同一记录的同一效果出现两次",
        "SELECT 'entry ' || entry_id FROM ledger_posting WHERE entry_id IS NOT NULL"
        " GROUP BY entry_id, purpose_id, effect_no HAVING count(*) > 1",
    ),
    Check(
        "cause",
        "A posting has neither an entry nor a person's reason behind it",
        "流水既无记录也无人说明缘由",
        f"""
        SELECT 'posting ' || posting.id FROM ledger_posting AS posting
        WHERE posting.entry_id IS NULL AND posting.code NOT IN ({Code.EXPIRE.value}, {Code.REPAY.value})
          AND NOT EXISTS (SELECT FROM ledger_postingreason AS reason WHERE reason.posting_id = posting.id)
          AND NOT EXISTS (SELECT FROM ledger_hold AS hold WHERE hold.posting_id = posting.id)
          -- What a published rule book gives a budget has the version, and its two persons, behind it.
          AND NOT (posting.code = {Code.FUND.value} AND EXISTS (
            SELECT FROM ledger_purpose AS purpose
            WHERE purpose.id = posting.purpose_id AND purpose.code LIKE 'book:%%'))
        """,
    ),
    Check(
        "reason",
        "What staff gave or corrected names no person",
        "人工发放或更正没有写明经手人",
        f"""
        SELECT 'posting ' || posting.id FROM ledger_posting AS posting
        WHERE posting.code IN ({Code.GOODWILL.value}, {Code.CORRECTION.value})
          AND NOT EXISTS (SELECT FROM ledger_postingreason AS reason WHERE reason.posting_id = posting.id)
        """,
    ),
    Check(
        "two_persons",
        "One person decided alone what needs two",
        "需两人决定的事由一人决定",
        """
        SELECT 'correction ' || id FROM ledger_correction WHERE decider_id = staff_id
          OR (state = 'applied' AND needs_second AND decider_id IS NULL)
        UNION ALL SELECT 'posting ' || posting_id FROM ledger_postingreason WHERE approver_id = staff_id
        """,
    ),
)

CHECKS = (*SUMS, *LOTS, *HOLDS, *APART, *POSTINGS)
