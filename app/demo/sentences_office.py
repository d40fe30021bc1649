"""Reasons, goals, actions, warnings and review comments: the short texts. All made up."""

from __future__ import annotations

from collections.abc import Mapping

from app.casework.attendance import Obstacle
from app.demo.sentences_home import lines

MISSED: Mapping[Obstacle, tuple[str, ...]] = {
    Obstacle.NO_ANSWER: lines(
        """
        No answer at the door; curtains open. Left a plain card.
        Knocked twice and waited. No light. Telephone off.
        Heard the television and nobody came. Rang later: had been asleep.
        """
    ),
    Obstacle.LOW: lines(
        """
        Could not face anybody, she said when I rang.
        Was in bed all day and did not hear the door.
        """
    ),
    Obstacle.FORGOT: lines(
        """
        Thought that it was Thursday.
        Had it down for the afternoon.
        """
    ),
    Obstacle.TRANSPORT: lines(
        """
        The bus did not come and the next was in an hour.
        No money on the card until tomorrow.
        """
    ),
    Obstacle.CHILD_ILL: lines(
        """
        Up all night with a temperature; at the surgery when I came.
        Vomiting since the morning.
        """
    ),
    Obstacle.PARTNER: lines(
        """
        He was at home and she asked me with her eyes to go.
        Said at the door that it was not a good time; rang later from outside.
        """
    ),
    Obstacle.OTHER_APPOINTMENT: lines(
        """
        The hospital had moved the scan to the same hour.
        Had to be at the job centre.
        """
    ),
}

CANCELLED_WITH_BABY = "Baby has a cold."
CANCELLED = lines(
    """
    Hospital appointment moved.
    Going to her mother's for two days.
    Not slept, asked for tomorrow instead.
    Feels that one visit this week is enough.
    The gas man is coming at that time.
    School play of her niece.
    Does not feel up to it.
    """
)
CANCELLED_BY_US = lines(
    """
    Annual leave.
    Worker unwell.
    Called to court.
    Training day.
    Snow; nobody on the roads.
    """
)

PLANS = lines(
    """
    To be ready, and to know who helps with what.
    To make the days calmer, one small thing at a time.
    To show what is going well, and to get help early with what is not.
    To feel less alone with it all.
    """
)

PLAN_REVIEWS = lines(
    """
    More goes well than at the beginning. We go on.
    The mornings are easier, the evenings not yet. Two things are done.
    It was a hard month. The plan stays as it is, in smaller steps.
    Said by herself: the list on the fridge helps.
    """
)

GOALS = lines(
    """
    To feel sure that I can calm the baby when there is crying at night.
    To get out of the house with the baby three times a week.
    To know what to do when I feel that I am going to lose it.
    To have the cot, clothes and bottles ready by 34 weeks.
    To go to one group by myself and stay until the end.
    To play together every day for ten minutes without the phone.
    To tell people when I need help before it is too late.
    To have a bedtime that is the same most days.
    To understand what the court wants from me.
    To sleep four hours in a row, three nights a week.
    For the two of us to be a team when the baby cries.
    To keep all the hospital appointments until the birth.
    To talk about the children who are not with me.
    To have our own front door.
    """
)

GOALS_EXPECTED = lines(
    """
    To have the cot, clothes and bottles ready by 34 weeks.
    To keep all the hospital appointments until the birth.
    To go to one group by myself and stay until the end.
    To tell people when I need help before it is too late.
    To understand what the court wants from me.
    To talk about the children who are not with me.
    To have our own front door.
    To know who will be with me at the birth.
    """
)
ACTIONS_EXPECTED = lines(
    """
    Arrange a visit to the maternity ward.
    Letter of support for the housing panel.
    Find out about bus passes.
    Speak to the landlord about the damp.
    Fill in the form for the healthy start card.
    Send the minutes of the core group.
    Order the repeat prescription.
    Ask whether the same interpreter can come again.
    Write the birth plan together.
    """
)

ACTIONS = lines(
    """
    Ask about the nursery place.
    Letter of support for the housing panel.
    Bring the sling from the toy library.
    Ring the health visitor about sleep.
    Order the repeat prescription.
    Book the second injections.
    Fill in the form for the healthy start card.
    Find out about bus passes.
    Send the minutes of the core group.
    Fit the safety gate.
    Ask whether the same interpreter can come again.
    Show the film from the last session.
    Register the birth.
    Speak to the landlord about the damp.
    Arrange a visit to the maternity ward.
    Get the red book filled in.
    """
)

RISKS = lines(
    """
    Do not speak about the service at the door or on the stairs.
    Ex-partner knows the address and has come by at night. Park in sight of the street.
    Large dog, shut in the kitchen when asked. Ring from the car first.
    Visit in pairs until the end of proceedings.
    Brother in the house on bail; not to be alone with him.
    Worker was shouted at once. Leave at once if he has been drinking.
    Do not give this address to the father or his family.
    Low: threats by text from an unknown number, reported.
    """
)

ACCESS = lines(
    """
    Top bell; the lower one does not work.
    Round the back, green gate, push hard.
    Intercom says another name.
    No parking before ten; use the chapel.
    Third floor, no lift.
    Knock, do not ring: the baby sleeps in the hall.
    The key safe is for carers only, please wait.
    Shoes off at the door.
    Path floods; come by the upper road.
    Ring five minutes before so that she can come down.
    """
)

REASONS = lines(
    """
    Low mood after the last birth, and worries about bonding with this baby.
    Previous child removed; parent asks for help from the start this time.
    Anxious first-time mother, history of panic, little support.
    Concerns about domestic abuse; couple now living apart.
    Concerns about domestic abuse; both parents ask for help to stay together safely.
    Care leaver, first baby, wants to do it differently.
    Difficult birth, intrusive memories, avoids holding the baby.
    Learning difficulty; needs information in pictures and time to practise.
    Baby on a child protection plan for neglect; parent willing to work.
    Recently arrived and alone; no family here.
    Feeding difficulties and a mother who says she feels nothing for the baby.
    Couple conflict and a second pregnancy soon after the first.
    Bereaved in this pregnancy; afraid of losing the baby.
    """
)

LEGAL = lines(
    """
    Outcome of the conference.
    Decided at the review; risk has lessened.
    Strategy meeting and section 47.
    Assessment completed.
    Legal gateway meeting.
    """
)

COMMENTS = lines(
    """
    Clear and kind. What did the baby do when she left the room?
    Thank you. Please say who else was in the house.
    Good account of the play. Let us talk about the second half in supervision.
    Was the health visitor told?
    I like how you put her words in. Add the time of the bruise, please.
    Well noticed. Does this change the plan?
    Please write what was agreed about the weekend.
    Good. A word about your own safety on that staircase?
    Lovely observation of the two of them.
    How was he when she cried?
    """
)
RETURNED = lines(
    """
    Please add who was present and whether the baby was seen awake.
    The worry in the third paragraph needs an action. Can you add what you did?
    """
)
ANSWERS = lines(
    """
    Present: mother, baby (awake, fed at the end) and her sister for the first ten minutes.
    I rang the health visitor the same afternoon; she will visit on Friday.
    """
)

AGREED = lines(
    """
    Visits at home until the buses are better.
    I text in the morning of the day; she answers with one letter.
    Shorter visits, and at eleven instead of nine.
    Her sister comes along the first time.
    We meet at the centre, where he does not ask.
    Nothing to change; she is glad that I asked.
    """
)
TOLD = lines(
    """
    She said that after a bad night she cannot bear to be seen.
    It was never the visits; it was the stairs, the pram and the rain.
    She had been told that we report everything, and was afraid.
    Two weeks of illness, one after the other.
    He does not like it when somebody comes.
    """
)
