"""Addresses of the portal: the residents' pages at the root, the staff's under ``desk/``."""

from __future__ import annotations

from django.urls import path

from denizen.portal.desk import books, health, home, keys, late, residents, treasury, years
from denizen.portal.desk.backtest import pages as backtest_pages
from denizen.portal.desk.bank import acts as bank_acts
from denizen.portal.desk.bank import pages as bank_pages
from denizen.portal.desk.bank import rows as bank_rows
from denizen.portal.desk.compare import pages as compare
from denizen.portal.desk.cycle import board, change
from denizen.portal.desk.drafts import urls as drafts_urls
from denizen.portal.desk.pilots import pages as pilot_pages
from denizen.portal.desk.rehearsal.pages import rehearsal
from denizen.portal.desk.risk import pages as risk_pages
from denizen.portal.desk.stop import pages as stop_pages
from denizen.portal.views import history, me, pilots, proof, reviews, rule_news, rules, today, ways

app_name = "portal"

own = [
    path("", today.today, name="today"),
    path("check-in/", today.check_in, name="check_in"),
    path("pulse/", today.pulse, name="pulse"),
    path("me/", me.me, name="me"),
    path("me/points/", me.points, name="points"),
    path("me/invite/", me.invite, name="invite"),
    path("me/history/", history.history, name="history"),
    path("me/history/<int:entry>/", history.receipt, name="receipt"),
    path("me/review/<int:number>/", reviews.say, name="say"),
    path("me/moved/", history.moved, name="moved"),
    path("ways/", ways.ways, name="ways"),
    path("proof/mine/", proof.own_lines, name="own_lines"),
    path("proof/mine/<int:posting>.json", proof.inclusion, name="inclusion"),
]

everybody = [
    path("rules/", rules.rules, name="rules"),
    path("rules/history/", rules.history, name="rules_history"),
    path("rules/changes.atom", rule_news.feed, name="rules_feed"),
    path("rules/changes.json", rule_news.news, name="rules_news"),
    path("rules/<int:number>/", rules.version, name="version"),
    path("rules/pilots/", pilots.pilots_public, name="pilots_public"),
    path("levels/", rules.levels, name="levels"),
    path("proof/", proof.proof, name="proof"),
    path("proof/roots.txt", proof.roots, name="roots"),
]

staff = [
    path("desk/", home.desk, name="desk"),
    path("desk/residents/", residents.residents, name="residents"),
    path("desk/residents/<uuid:public_id>/", residents.resident, name="resident"),
    path("desk/residents/<uuid:public_id>/entries/<int:number>/", residents.entry, name="entry"),
    path("desk/residents/<uuid:public_id>/grant/", residents.grant, name="grant"),
    path("desk/residents/<uuid:public_id>/correct/", residents.correction, name="correct"),
    path("desk/residents/<uuid:public_id>/honour/", residents.honour, name="honour"),
    path("desk/rules/", books.books, name="books"),
    path("desk/rules/board/", board.board, name="board"),
    path("desk/rules/board/<int:number>/", change.change, name="change"),
    path("desk/rules/board/<int:number>/speak/", change.speak, name="change_speak"),
    path("desk/rules/board/<int:number>/answer/", change.answer, name="change_answer"),
    path("desk/rules/board/<int:number>/check/", change.check, name="change_check"),
    path("desk/rules/board/<int:number>/supervise/", change.watch, name="change_supervise"),
    path("desk/rules/board/<int:number>/report/", change.report, name="change_report"),
    path("desk/rules/board/<int:number>/take-up/<int:feedback>/", change.take_up, name="change_take_up"),
    path("desk/rules/backtests/", backtest_pages.backtest_list, name="backtests"),
    path("desk/rules/backtests/start/", backtest_pages.backtest_start, name="backtest_start"),
    path("desk/rules/backtests/<uuid:key>/", backtest_pages.backtest, name="backtest"),
    path("desk/rules/backtests/<uuid:key>/cancel/", backtest_pages.backtest_cancel, name="backtest_cancel"),
    path("desk/rules/backtests/<uuid:key>/figures.json", backtest_pages.backtest_figures, name="backtest_figures"),
    path("desk/rules/compare/", compare.compare, name="compare"),
    path("desk/rules/<int:number>/", books.book, name="book"),
    path("desk/rules/<int:number>/approve/", books.approve, name="approve"),
    path("desk/rules/pilots/", pilot_pages.pilot_list, name="pilots"),
    path("desk/rules/pilots/<slug:key>/", pilot_pages.pilot, name="pilot"),
    path("desk/rules/pilots/<slug:key>/rows/", pilot_pages.pilot_rows, name="pilot_rows"),
    path("desk/rules/stop/", stop_pages.stop, name="stop"),
    path("desk/rules/stop/ask/", stop_pages.ask, name="ask_stop"),
    path("desk/rules/stop/<int:number>/", stop_pages.stopped, name="stopped"),
    path("desk/rules/stop/<int:number>/answer/", stop_pages.answer, name="answer_stop"),
    path("desk/rules/stop/<int:number>/affected.csv", stop_pages.affected, name="stop_affected"),
    path("desk/rules/stop/<int:number>/mend/", stop_pages.mend, name="mend"),
    path("desk/rehearsal/", rehearsal, name="rehearsal"),
    path("desk/acts/", books.acts, name="acts"),
    path("desk/acts/propose/", books.propose_act, name="propose_act"),
    path("desk/bank/", bank_pages.bank, name="bank"),
    *(
        path(f"desk/bank/{code}/", view, name=f"bank_{code}")
        for code, view in (
            ("circulation", bank_pages.bank_circulation),
            ("use", bank_pages.bank_use),
            ("cohorts", bank_pages.bank_cohorts),
            ("liability", bank_pages.bank_liability),
            ("concentration", bank_pages.bank_concentration),
            ("stages", bank_pages.bank_stages),
            ("envelopes", bank_pages.bank_envelopes),
            ("grants", bank_pages.bank_grants),
            ("communication", bank_pages.bank_communication),
            ("closes", bank_pages.bank_closes),
        )
    ),
    path("desk/bank/liability/assume/", bank_acts.bank_assume, name="bank_assume"),
    path("desk/bank/grants/<int:posting>/review/", bank_acts.bank_review, name="bank_review"),
    path("desk/bank/closes/close/", bank_acts.bank_close, name="bank_close"),
    path("desk/bank/closes/<str:month>/", bank_acts.bank_month, name="bank_month"),
    path("desk/bank/rows/<slug:measure>/", bank_rows.bank_rows, name="bank_rows"),
    path("desk/budgets/", treasury.budgets, name="budgets"),
    path("desk/budgets/fund/", treasury.fund, name="fund"),
    path("desk/second/", treasury.second, name="second"),
    path("desk/second/many/", treasury.many, name="many"),
    path("desk/second/<int:number>/", treasury.decide, name="decide"),
    path("desk/late/", late.late, name="late"),
    path("desk/late/<int:number>/admit/", late.admit, name="admit"),
    path("desk/late/<int:number>/dismiss/", late.turn_down, name="dismiss"),
    path("desk/risk/", risk_pages.cases, name="risk"),
    path("desk/risk/signals/", risk_pages.signals, name="risk_signals"),
    path("desk/risk/fairness/", risk_pages.fair, name="risk_fairness"),
    path("desk/risk/<uuid:public_id>/", risk_pages.case, name="risk_case"),
    path("desk/risk/<uuid:public_id>/decide/", risk_pages.decide, name="risk_decide"),
    path("desk/keys/", keys.keys, name="keys"),
    path("desk/keys/issue/", keys.issue, name="issue_key"),
    path("desk/keys/<int:number>/revoke/", keys.revoke, name="revoke_key"),
    path("desk/years/", years.years, name="years"),
    path("desk/years/freeze/", years.freeze, name="freeze_year"),
    path("desk/years/<int:year>/", years.year, name="year"),
    path("desk/health/", health.health, name="health"),
]

urlpatterns = [*own, *everybody, *staff, *drafts_urls.patterns]
