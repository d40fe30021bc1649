"""Which screen stands at which address, and which are one tap away.

Each screen's author adds one line to `ROUTES`. A nested route opens above its parent, so that
"back" works from a link too.
"""

from __future__ import annotations

from collections.abc import Sequence

import flet as ft

from app.casework.casebook.publishing import SERVICE
from app.navigation import Destination
from app.root import Screens
from app.screens.appointment import AppointmentView, ChangeAppointment
from app.screens.appraisals import AskAppraisal
from app.screens.birth import BirthView
from app.screens.booking import NewAppointment
from app.screens.calls import CallView
from app.screens.closing import CloseFamily, ReferAgain
from app.screens.colleague import ColleagueView, MyHours
from app.screens.conflicts import Conflicts
from app.screens.contact import Contact
from app.screens.deciding import Decide, DecideReferral, Indicators, Move
from app.screens.families import Families
from app.screens.family import FamilyView
from app.screens.family_details import NewPeriod, ProfessionalView, Warnings
from app.screens.family_form import ChangeFamily, NewFamily
from app.screens.group_list import GroupView
from app.screens.group_new import NewGroup
from app.screens.groups import GroupsView
from app.screens.handed import InTheirHands
from app.screens.interventions import BeginIntervention
from app.screens.loss import LossView
from app.screens.measure_form import FillIn
from app.screens.measures import MeasuresView
from app.screens.note import NoteView
from app.screens.obstacle import ObstacleTalk
from app.screens.outcome import Outcome
from app.screens.pathway import PathwayView
from app.screens.pausing import PauseClock
from app.screens.person_form import PersonView
from app.screens.plan_forms import NewGoal, NewPlan, ReviewPlan
from app.screens.plan_paper import PlanPaper
from app.screens.plans import PlanView
from app.screens.register import RegisterView
from app.screens.report_paper import ReportPaper
from app.screens.restricted import RestrictedNote
from app.screens.settings import SettingsView
from app.screens.setup import Setup
from app.screens.sibling import NewSibling
from app.screens.support import SupportView
from app.screens.sync_status import SyncStatus
from app.screens.today import Today
from app.screens.twice import JoinView
from app.screens.unlock import Unlock
from app.screens.week import WeekView
from app.screens.writing import BeginNote, WriteNote
from app.session import Session
from app.supervisor.allocating import Allocate
from app.supervisor.caseloads import CaseloadsView, Lend
from app.supervisor.dashboard import DashboardView
from app.supervisor.deliveries import Deliveries, DeliveryMessages
from app.supervisor.duty import DutyRotaView
from app.supervisor.figure import FigureView
from app.supervisor.hub import TeamHub
from app.supervisor.overdue_clocks import OverdueClocks
from app.supervisor.panel import AppraisalsOut, PanelView
from app.supervisor.papers import PapersView
from app.supervisor.people import PeopleView
from app.supervisor.quarantine import QuarantineView
from app.supervisor.review import ReviewNote, ReviewQueue
from app.supervisor.service_figures import LetInView, PublishView, ServiceView
from app.supervisor.waiting import Conversations, Unsigned, WrongFamily
from app.supervisor.waiting_list import WaitingList, WhyWaiting
from app.wording import _

ROUTES: list[ft.Route] = [
    ft.Route(
        path="/",
        component=Today,
        children=[
            ft.Route(path="week", component=WeekView),
            ft.Route(path="conflicts", component=Conflicts),
            ft.Route(path="write/:id", component=WriteNote),
            ft.Route(path="notes/:id", component=NoteView),
            ft.Route(path="calls/:id", component=CallView),
            ft.Route(
                path="groups",
                component=GroupsView,
                children=[
                    ft.Route(path="new", component=NewGroup),
                    ft.Route(
                        path=":gid",
                        component=GroupView,
                        children=[ft.Route(path="sessions/:sid", component=RegisterView)],
                    ),
                ],
            ),
            ft.Route(path="appointments/new", component=NewAppointment),
            ft.Route(
                path="appointments/:id",
                component=AppointmentView,
                children=[
                    ft.Route(path="outcome", component=Outcome),
                    ft.Route(path="change", component=ChangeAppointment),
                ],
            ),
            ft.Route(
                path="families",
                component=Families,
                children=[
                    ft.Route(path="new", component=NewFamily),
                    ft.Route(
                        path=":fid",
                        component=FamilyView,
                        children=[
                            ft.Route(path="change", component=ChangeFamily),
                            ft.Route(path="contact", component=Contact),
                            ft.Route(path="restricted", component=RestrictedNote),
                            ft.Route(path="warnings", component=Warnings),
                            ft.Route(path="periods/new", component=NewPeriod),
                            ft.Route(path="pathway", component=PathwayView),
                            ft.Route(path="referral", component=DecideReferral),
                            ft.Route(path="move", component=Move),
                            ft.Route(path="decide", component=Decide),
                            ft.Route(path="indicators", component=Indicators),
                            ft.Route(path="clock", component=PauseClock),
                            ft.Route(path="close", component=CloseFamily),
                            ft.Route(path="refer", component=ReferAgain),
                            ft.Route(path="waiting", component=WhyWaiting),
                            ft.Route(path="goals/new", component=NewGoal),
                            ft.Route(path="paper", component=ReportPaper),
                            ft.Route(
                                path="support",
                                component=SupportView,
                                children=[
                                    ft.Route(path="begin", component=BeginIntervention),
                                    ft.Route(path="ask", component=AskAppraisal),
                                ],
                            ),
                            ft.Route(
                                path="measures",
                                component=MeasuresView,
                                children=[ft.Route(path=":code", component=FillIn)],
                            ),
                            ft.Route(path="plans/new", component=NewPlan),
                            ft.Route(
                                path="plans/:id",
                                component=PlanView,
                                children=[
                                    ft.Route(path="review", component=ReviewPlan),
                                    ft.Route(path="paper", component=PlanPaper),
                                ],
                            ),
                            ft.Route(path="write/:appointment", component=BeginNote),
                            ft.Route(path="people/:pid", component=PersonView),
                            ft.Route(path="birth/:pid", component=BirthView),
                            ft.Route(path="loss/:pid", component=LossView),
                            ft.Route(path="siblings/new", component=NewSibling),
                            ft.Route(path="twice", component=JoinView),
                            ft.Route(path="network/:id", component=ProfessionalView),
                            ft.Route(path="obstacle/:id", component=ObstacleTalk),
                        ],
                    ),
                ],
            ),
            ft.Route(path="service", component=ServiceView),
            ft.Route(path="sync", component=SyncStatus),
            ft.Route(
                path="settings",
                component=SettingsView,
                children=[ft.Route(path="hours", component=MyHours)],
            ),
            ft.Route(
                path="team",
                component=TeamHub,
                children=[
                    ft.Route(
                        path="review",
                        component=ReviewQueue,
                        # Above the queue, which keeps its place and its filters meanwhile.
                        children=[ft.Route(path=":id", component=ReviewNote)],
                    ),
                    ft.Route(path="unsigned", component=Unsigned),
                    ft.Route(path="conversations", component=Conversations),
                    ft.Route(path="wrong-family", component=WrongFamily),
                    ft.Route(path="caseloads", component=CaseloadsView),
                    ft.Route(path="waiting", component=WaitingList),
                    ft.Route(path="publish", component=PublishView),
                    ft.Route(path="managers", component=LetInView),
                    ft.Route(
                        path="figures",
                        component=DashboardView,
                        children=[ft.Route(path=":code", component=FigureView)],
                    ),
                    ft.Route(path="clocks", component=OverdueClocks),
                    ft.Route(path="allocate", component=Allocate),
                    ft.Route(path="cover", component=Lend),
                    ft.Route(path="panel", component=PanelView),
                    ft.Route(path="appraisals", component=AppraisalsOut),
                    ft.Route(path="papers", component=PapersView),
                    ft.Route(
                        path="people",
                        component=PeopleView,
                        children=[ft.Route(path=":person", component=ColleagueView)],
                    ),
                    ft.Route(path="quarantine", component=QuarantineView),
                    ft.Route(path="deliveries", component=Deliveries),
                    ft.Route(path="deliveries/:day/:rule", component=DeliveryMessages),
                    ft.Route(path="duty", component=DutyRotaView),
                ],
            ),
        ],
    ),
]


def places(session: Session) -> Sequence[Destination]:
    """The bar and rail for whoever this device belongs to."""
    shared = [
        Destination(
            route="/",
            words=_("Today"),
            icon=ft.Icons.TODAY_OUTLINED,
            selected_icon=ft.Icons.TODAY,
        ),
        Destination(
            route="/families",
            words=_("Families"),
            icon=ft.Icons.FAMILY_RESTROOM_OUTLINED,
            selected_icon=ft.Icons.FAMILY_RESTROOM,
        ),
    ]
    own = [
        Destination(
            route="/sync",
            words=_("Sync"),
            icon=ft.Icons.CLOUD_OUTLINED,
            selected_icon=ft.Icons.CLOUD,
        ),
        Destination(
            route="/settings",
            words=_("Settings"),
            icon=ft.Icons.SETTINGS_OUTLINED,
            selected_icon=ft.Icons.SETTINGS,
        ),
    ]
    me = session.vault.me if session.vault else None
    if me is None or me.role == "worker":
        if not _sees_the_service(session):
            return [*shared, *own]
        service = Destination(
            route="/service",
            words=_("Service"),
            icon=ft.Icons.INSIGHTS_OUTLINED,
            selected_icon=ft.Icons.INSIGHTS,
        )
        return [*shared, service, *own]
    team = Destination(
        route="/team",
        words=_("Team"),
        icon=ft.Icons.SUPERVISOR_ACCOUNT_OUTLINED,
        selected_icon=ft.Icons.SUPERVISOR_ACCOUNT,
    )
    return [*shared, team, *own]


def _sees_the_service(session: Session) -> bool:
    """Whether a supervisor has let this person see what the teams publish."""
    vault = session.vault
    return vault is not None and any(c.kind == SERVICE for c in vault.casefiles())


SCREENS = Screens(setup=Setup, unlock=Unlock, handed=InTheirHands, routes=ROUTES, places=places)
"""Everything a tab can show."""
