"""What parents said, what was done, worries, strengths and what was agreed. All made up."""

from __future__ import annotations

from collections.abc import Mapping

from app.demo.sentences_home import lines

SAID: Mapping[str, tuple[str, ...]] = {
    "low_mood": lines(
        """
        {mum} said that the mornings are the worst and that by noon she can manage.
        She has started the tablets and feels sick on them, but will go on.
        "I do everything right and feel nothing," {mum} said, and then cried.
        {mum} rated her mood at four, which was two a month ago.
        She got out with the pram on three days and ticked them off.
        {mum} is not thinking of harming herself; she answered the question plainly.
        She sleeps when {baby} sleeps, and has stopped answering messages again.
        {mum} told her own mother how bad it had been, and was not told off.
        She cooked for the first time in weeks and was proud of it.
        {mum} described the fog as thinner; she can see the end of the week.
        """
    ),
    "past_removal": lines(
        """
        {mum} spoke about her older children and what they would look like now.
        She keeps the memory box on the top shelf and took it down today.
        {mum} fears that each visit is a test, and said so, which took courage.
        Letter contact came this week; {mum} read it twice and put it away.
        {mum} can say what was different then: nobody told her what they were afraid of.
        She asked me outright whether this baby would be taken; I answered as honestly as I could.
        It is the birthday of her eldest on Sunday, and we planned the day.
        {mum} said that she will not promise anything she cannot keep, not this time.
        She wants it written down that she opened the door every week.
        {mum} is working on the pre-birth assessment and has nearly filled her part.
        """
    ),
    "partner": lines(
        """
        {mum} and {partner} have agreed who gets up on which nights.
        {partner} has moved out to his mother's and visits on Saturdays.
        {mum} asked that nothing be sent to the house with our name on it.
        Things were calmer at home; {mum} watched the door less.
        {mum} has kept every message, as the solicitor advised.
        {partner} joined for the last part and held {baby} a little stiffly, then better.
        {mum} said he looks at her phone, and asked me to ring before eleven only.
        They argued on Friday about money; nobody was hurt and {baby} was asleep.
        {mum} went to the freedom programme for the second time and stayed to the end.
        {partner} is starting the course for fathers and wanted to know what to bring.
        """
    ),
    "housing": lines(
        """
        {mum} has had no answer about the damp and showed me the photographs.
        The bidding closes on Wednesday and she is second for the two-bedroom.
        They are still in one room, with the cot between bed and wardrobe.
        The landlord came without notice again; {mum} wrote down the date.
        {mum} got the keys and could hardly speak for joy.
        There is mould behind the cot, and we moved it to the other wall.
        The temporary place is two buses away from everybody she knows.
        We filled in the form for the medical points together.
        """
    ),
    "money": lines(
        """
        The first payment came late and {mum} has borrowed for nappies.
        We rang the advice line together and the sanction has been lifted.
        {mum} skipped meals at the end of the month; {baby} did not go without.
        A food parcel came on Tuesday, with the right formula in it this time.
        {mum} has made a list of what goes out on which day.
        The meter was on emergency credit and she had been sitting in the dark to save it.
        The healthy start card works at the shop now.
        """
    ),
    "anxious": lines(
        """
        {mum} checks {his} breathing through the night, though less than before.
        She had a panic on the bus and got off two stops early, and then walked.
        {mum} counted how often she looked things up: forty times on Sunday.
        She let her sister hold {baby} for half an hour and sat on her hands.
        We tried the slow breathing and {mum} laughed at how silly it felt, and it worked.
        {mum} went into the shop alone while I waited outside with the pram.
        Every cough is pneumonia to her, she said, and smiled at herself a little.
        She did not ring out of hours this week, for the first time.
        {mum} is afraid of the bath, so we did it together with little water.
        The thought still comes, but {mum} knows it for a thought and not a plan.
        """
    ),
    "feeding": lines(
        """
        {mum} has gone over to mixed feeding and feels guilty and relieved at once.
        The latch is better since the tongue-tie was cut.
        {mum} wants to go on breastfeeding and needs somebody on her side at home.
        {He} takes the bottle from everybody but her, she says, and we looked at why.
        Weaning has started with carrot and a good deal of laughing.
        {mum} worried that {he} eats too little; we looked at a whole week and it was enough.
        """
    ),
    "learning": lines(
        """
        We used the picture cards and {mum} put the bedtime ones in order herself.
        {mum} asked me to say it again in short words, which is what we agreed she would do.
        The film about sleep was better than the leaflet; {mum} watched it twice.
        {mum} showed me how she makes up the bottle, step by step, and every step was right.
        She cannot read the letters and puts them in the drawer; we opened six together.
        {mum} has the day's jobs as pictures on the wall and had moved three to done.
        """
    ),
    "trauma": lines(
        """
        {mum} spoke about the birth from the beginning for the first time.
        The nightmares come twice a week now, where it was every night.
        She stayed in the room when the siren went by, and told me what helped.
        {mum} recognised the moment at which she leaves, as she calls it.
        She could say that she was a child then and that it was not her doing.
        {mum} said that crying at night takes her back to another house.
        """
    ),
    "hope": lines(
        """
        {mum} said that she had heard her own voice being kind, and was surprised.
        "I'm good at this bit," {mum} said, about the bath.
        She has rung about the college course and has a date.
        {mum} went to the baby group by herself and stayed for tea.
        She can tell a tired cry from a hungry one and was right each time today.
        {mum} told a friend what she had learnt about looking away.
        She said that some months ago she would not have opened the door.
        {mum} would like to help other mothers one day, and asked how one starts.
        """
    ),
    "alone": lines(
        """
        {mum} sees nobody from one visit to the next but the man in the shop.
        Her family are far away and think that she is managing well.
        She has been added to the group chat of the other mothers and only reads it so far.
        {mum} misses her sister, and they now ring on Sundays.
        The interpreter stayed a little after and {mum} was glad to talk in her own language.
        {mum} and the woman upstairs have begun to have coffee on Thursdays.
        """
    ),
    "young": lines(
        """
        {mum} is nineteen and said that everybody talks over her head.
        She wants to go back to college in September and not tell them why she was away.
        {mum}'s own social worker is leaving in March, the fourth since she was fifteen.
        Her friends came round and stayed late; she asked them to go, which was hard.
        {mum} asked me to tell her the truth and not the leaflet.
        She was cross that I had moved our time, and said so, and we mended it.
        """
    ),
}

DID = lines(
    """
    We did the massage for legs and feet and left the tummy for next week.
    We watched three minutes of our own film and stopped it where they look at each other.
    We sang the two songs from the group, {mum} leading.
    We made up a feed together and checked the temperature on the wrist.
    We went through safe sleep again with the doll and the cot.
    We looked at the week's sheet and found when it is hardest.
    We practised carrying {him} in the sling until {mum} could do it without me.
    We walked to the park and back, and talked better walking.
    We read the small book twice and let {him} turn the pages.
    We wrote the three things to do before ringing anybody.
    We put the plan for bad nights on the inside of the cupboard door.
    We rang the surgery together and {mum} did the talking.
    We looked at what crying can mean and what {mum} heard as a child.
    We played on the floor for twenty minutes with nothing but a cloth.
    We filled in the questionnaire, {mum} reading and I writing.
    We drew the family tree and {mum} added two people she had left out before.
    We planned the next appointment at the hospital: who, when, which bus.
    We spoke about boundaries with visitors and practised one sentence.
    We went over the plan from the conference, line by line, and what each of us owes.
    We sorted the letters into three piles and threw one away.
    We talked about the word "spoilt" and what a baby can and cannot do on purpose.
    We took a picture of the two of them for the wall.
    """
)

DID_EXPECTED = lines(
    """
    We looked at the film of a newborn's first hour and {mum} asked to see it again.
    We packed the bag for the hospital and made a list of what is missing.
    We wrote down whom to ring, in which order, when it starts.
    We went through safe sleep with the doll, and where the cot is to stand.
    We practised the breathing for labour on two chairs in the kitchen.
    We filled in {mum}'s part of the pre-birth assessment together.
    We looked at the birth plan and put the midwife's number on the front.
    We rang the hospital and arranged to see the ward.
    """
)

WORRIES = lines(
    """
    No new worries today.
    Nothing of concern seen; house, baby and mood as before.
    I remain worried about how little {mum} sleeps, and have said so to the health visitor.
    {mum} has lost weight and eats standing; to be watched.
    Who has a key to the flat is still not clear.
    {mum} agreed very quickly with everything, which is how she is when she is frightened.
    There was a smell of cannabis on the landing and not in the flat.
    I am uneasy about {partner}'s moods and have raised it in supervision.
    A missed injection; booked for Tuesday and I shall ask.
    A small bruise on the shin fits with the coffee table and crawling; noted here with the time.
    {mum} was tearful for most of it; asked about safety and answered clearly that she is safe.
    She has run out of tablets over the weekend before; reminded her to order.
    Isolation is still the main thing.
    The dog is a good deal larger than described.
    Money will be short in the last week again.
    {mum} talked of stopping the visits after the conference; we shall come back to it.
    No worries about {baby}'s care; some about {mum}'s own.
    The car seat is second-hand and its history is not known.
    """
)

STRENGTHS = lines(
    """
    {mum} asks when she does not know, which she could not do at first.
    {mum} is never late with a feed.
    Her sister is a real support and lives ten minutes away.
    {mum} remembers what we spoke of and has tried it.
    She opens the door, every week, whatever the night was like.
    {mum} has a sense of humour about herself that carries the two of them.
    The routine in the evening holds, also when she is low.
    {mum} notices small things about {baby} before I do.
    She put {baby} first in a hard decision this week.
    {mum} told me bad news herself instead of waiting for me to hear it.
    Warmth between them has become ordinary.
    {mum} keeps every appointment that is about {baby}.
    She repaired it after losing her temper, and explained it to {him}.
    {mum} is proud, and has reason to be.
    """
)

STRENGTHS_EXPECTED = lines(
    """
    {mum} keeps every antenatal appointment, also the early ones.
    {mum} asks when she does not know, which she could not do at first.
    Her sister is a real support and lives ten minutes away.
    {mum} has not smoked since the second scan.
    She opens the door, every week, whatever the night was like.
    {mum} told me bad news herself instead of waiting for me to hear it.
    {mum} has put money by for the pram, a little each week.
    She remembers what we spoke of and has tried it.
    """
)

NEXT = lines(
    """
    Next visit same day and time.
    {mum} will order the repeat prescription before Friday.
    I shall speak to the health visitor about sleep.
    {mum} to try the long cuddle before the evening feed and tell me how it went.
    I shall bring the film and the cards.
    {mum} rings housing on Monday; if nothing by Wednesday I write.
    To be raised at the core group.
    {mum} chooses one outing and we plan it next time.
    I shall ask whether the interpreter can be the same person again.
    {mum} keeps the sleep sheet for seven nights.
    Supervision: how to talk about the end of our work.
    We agreed that she texts me "ok" on Thursday evening.
    I shall find out about the nursery place.
    {mum} to show {partner} the sheet on crying.
    Next time at the centre, to see how it is away from home.
    Letter of support for the housing panel, by me, this week.
    I shall ring on Tuesday at ten, the time she named as safe.
    Review of the goal about bedtimes in three weeks.
    """
)

THERAPY = lines(
    """
    The theme was what she does with anger that has nowhere to go.
    We kept to the moment at which {baby}'s crying turns into somebody else's voice.
    {mum} wondered what {baby} makes of her face when she is far away.
    She told a story of her grandmother, the one person who waited for her.
    We went slowly over Tuesday evening, minute by minute, and found where it could have turned.
    {mum} tried to think what was in my mind when I cancelled, and got near it.
    She could hold two things: that she loves {him} and that she wanted to run.
    We looked at the clip without sound, and {mum} saw how often {he} looks at her.
    {mum} said that being needed feels like being eaten, and then that it felt better said.
    The word "enough" came up again and again.
    We spoke about endings, as she brought up the last one.
    {mum} noticed shame as it rose and stayed in her chair.
    What is mine and what is {his}: she made two columns in the air with her hands.
    {mum} brought a dream in which the house had no doors.
    We stayed with the birth up to the point she chose.
    She can now guess at three reasons for one cry, where before there was only one.
    """
)

REFLECTION = lines(
    """
    I felt sleepy in the middle, as I do when something is being kept away.
    My wish to reassure was strong and I mostly held it back.
    There was more room in the session than last time, for both of them.
    She is kinder to {baby} than to herself, still.
    The pace was hers.
    I noticed how quickly I sided with {mum} against the world; for supervision.
    {baby} regulated all three of us.
    It was a good hour, with some grief in it.
    Mentalising held until the door opened, then went, then came back.
    I wonder whether we are nearing what she came for.
    """
)

CALLS = lines(
    """
    Rang as agreed. A bad night but a better morning; she had been out already.
    She rang to say that the letter had come. We read it together over the telephone.
    Short call to check on the temperature: down, and drinking again.
    She wanted to know whether to ring the surgery. She decided to, and rang back to say so.
    Spoke about the weekend. Her mother is coming and she has a plan for when it is too much.
    No answer at first; she rang back from the garden where she can talk.
    She was upset after the contact visit. Listened. She will see her sister tonight.
    Reminded her of the clinic tomorrow and went through the bus times.
    Good news about the flat: keys on the fourteenth.
    She asked how to word a message to the school, and we worded it.
    The baby slept six hours and she woke in a fright because it was light.
    Rang to ask about the prescription. Collected; started this morning.
    Talked through the crying hour while it was happening. He settled before we hung up.
    She cannot make Thursday and asked for another time, which we found.
    She said that she only wanted to hear a voice.
    Call with the interpreter on the line. All understood; she repeated the plan back to us.
    """
)
