"""What a worker writes about coming in, the baby, and the two of them together. All made up.

`{mum}`, `{baby}`, `{partner}`, `{he}`, `{him}`, `{his}` and `{He}` are filled in.
"""

from __future__ import annotations


def lines(text: str) -> tuple[str, ...]:
    """One sentence to a line."""
    return tuple(line.strip() for line in text.strip().splitlines() if line.strip())


HOME = lines(
    """
    Visited at home as arranged; {mum} opened the door before I knocked.
    The front room was warm and tidy, with washing drying on the radiators.
    {mum} had cleared a space on the floor for us and put the television off.
    Two bags of donated clothes stood in the hall, which {mum} is sorting by size.
    The kitchen was cold; the boiler has been out since the weekend.
    {mum} was in her dressing gown and apologised; I said that mornings are like that.
    Came in by the back gate because the front door still sticks.
    A neighbour was just leaving and {mum} introduced her as the one who minds the dog.
    The flat smelt of fresh paint: the bedroom has been done in pale green.
    There was a new safety gate at the foot of the stairs, fitted by {mum}'s brother.
    {mum} made tea and seemed pleased to be asked how she was before anybody else.
    The blinds were down in full daylight; {mum} said she had forgotten that it was day.
    Dishes from several days, but bottles washed, sterilised and lined up.
    The living room had been rearranged so that {baby}'s things are all in one corner.
    It was noisy next door and {mum} jumped each time the wall was knocked.
    The heating was on and {mum} has worked out the new meter.
    {mum} was late back from the shop and I waited in the car for ten minutes.
    The health visitor's red book was out on the table, with questions written on a slip.
    A card from me with the date was still on the fridge under a magnet.
    Curtains have gone up and the room looks lived in for the first time.
    There was no carpet yet on the stairs, and {mum} carries {baby} down one step at a time.
    {mum} showed me the moses basket, now beside her own side of the bed.
    The window with the broken catch has been mended by the housing association.
    Toys were out on a blanket and {mum} was already on the floor when I came in.
    """
)

CENTRE = lines(
    """
    Met at the children's centre in the small room; {mum} had walked there on her own.
    {mum} came by bus and had worked out the times herself.
    We began in the sensory room, which was free for once.
    The playroom was busy, so we moved to the room at the end of the corridor.
    {mum} arrived with her sister, who sat in the café while we worked.
    The receptionist knew {mum} by name, which she noticed.
    {mum} signed the register without being asked and chose the mat by the window.
    It rained hard and {mum} still came, with the pram cover on back to front.
    Another mother from the group said hello and they swapped numbers.
    {mum} stayed for the toy library afterwards and borrowed the wooden rattle.
    """
)

CLINIC = lines(
    """
    {mum} attended the clinic on time and took the chair nearest the door.
    Session at the clinic, room two, with {baby} on a mat between us.
    {mum} came in breathless from the hill and needed some minutes of quiet.
    {mum} began by saying that she had nearly turned round at the bus stop.
    Seen with {baby}; {partner} waited downstairs by choice.
    {mum} had brought the notebook in which she writes between sessions.
    We started with a few minutes of watching {baby} together, without talking.
    {mum} looked tired but said straight away that she wanted to be here.
    She placed the car seat where she could see it, then moved it nearer.
    {mum} was quieter than last time and I let the silence stand.
    """
)

BABY_EXPECTED = lines(
    """
    {mum} is {weeks} and says that the kicks come at night now.
    {mum} rested a hand on her bump all through and talked to it once.
    The scan picture has moved from the drawer to the door of the fridge.
    {mum} heard the heartbeat at the midwife's and recorded it on her phone.
    She has chosen a name but wants to keep it to herself for now.
    {mum} said she had not let herself think as far as the birth until this week.
    Baby turns when music is on, and {mum} has noticed which songs.
    Blood pressure was a little high on Monday; {mum} is to have it taken again.
    We went through what is packed for the hospital and what is still to come.
    {mum} is sleeping on her left side as the midwife asked.
    {mum} wondered aloud whether the baby can tell when she has been crying.
    She has felt hiccups, and laughed telling me about them.
    The birth plan now says who is to be in the room, in {mum}'s own words.
    {mum} missed one antenatal class because of the bus, and has booked the next.
    At {weeks} she tires quickly, so we sat and kept it short.
    {mum} showed me the babygrows, washed and folded by size.
    We talked about what newborns can see, and {mum} tried it with her own hand.
    She asked what happens in the first hour and we read the leaflet together.
    """
)

BABY_NEW = lines(
    """
    {baby} slept on {mum}'s chest for most of the visit.
    {baby} was weighed on Thursday and is following {his} line.
    {baby} looked for {mum}'s voice when she spoke from across the room.
    {baby} woke hungry and {mum} had the bottle ready before {he} cried in earnest.
    The cord is off and the skin is clean and dry.
    {baby} has unsettled evenings from about seven, which wears everybody down.
    {baby} startled at the door and settled within a minute of being held.
    {mum} changes {him} on the floor now, so that {he} cannot roll off the bed.
    {baby} held my gaze for a moment, then turned to find {mum}.
    Feeding goes well in the day and is harder at night.
    {baby} is in a sleep bag on {his} back, in a clear cot.
    There is a little thrush on the tongue; {mum} has an appointment on Friday.
    {baby} gave what {mum} is certain was a first smile.
    {baby} was dressed warmly, clean, and smelt of milk.
    {baby} calmed when {mum} hummed, and {mum} noticed that it was her humming.
    The midwife has discharged them and the health visitor has been once.
    {baby} sneezed in the light and {mum} said {he} always does.
    {baby} stretched, yawned, and {mum} said aloud what she thought it meant.
    """
)

BABY_INFANT = lines(
    """
    {baby} is holding {his} head well and wants to see everything.
    {baby} smiled at {mum} across the room and waited for one back.
    {baby} was vocal, with long answers to anything said to {him}.
    {baby} reached for the ribbon with both hands and got it to {his} mouth.
    {baby} had {his} second injections this week and was out of sorts.
    {baby} rolled from back to side and looked astonished.
    {baby} cried when I picked up my bag too fast, and went to {mum} for comfort.
    {baby} is dribbling and chewing {his} fists; {mum} has the teething ring in the fridge.
    {baby} watched {mum}'s face all through the song and kicked at the loud part.
    {baby} sleeps one long stretch until about three.
    {baby} found {his} feet on the mat and told us about it.
    {baby} turned away when it was enough, and {mum} waited.
    Weight is steady between the same two lines, and {mum} has stopped worrying about it.
    {baby} has a cold and was clingy, which {mum} met with patience.
    {baby} laughed out loud at the cloth going over {mum}'s head.
    {baby} looks at pictures now and pats the page.
    {baby} was wary of me at first and warmed up from {mum}'s lap.
    {baby} fed well, then fell asleep in the middle of a sentence, as {mum} put it.
    """
)

BABY_OLDER = lines(
    """
    {baby} is sitting by {himself} and reaches a long way before toppling.
    {baby} shuffled off to the bookcase and looked back to see if {mum} was watching.
    {baby} ate most of a banana and wore the rest.
    {baby} pulled up on the sofa and shouted for an audience.
    {baby} hid behind {mum}'s legs from me, then brought me a brick.
    {baby} babbles in strings and points at the light.
    {baby} tried the stairs twice; the gate is needed now and is on order.
    {baby} waved goodbye after I had gone through the door, {mum} says every time.
    {baby} had a bump on the forehead from the table; {mum} told me before I asked.
    {baby} handed the cup back and forth, and {mum} said thank you each time.
    {baby} has two teeth and opinions about the spoon.
    {baby} crawls to {mum} when something is too much, and then sets off again.
    {baby} is eating what the family eats, cut small.
    {baby} shook {his} head at the hat and laughed about it.
    {baby} took three steps between the two of us.
    {baby} woke cross from a nap and needed ten minutes of lap.
    {baby} knows where the biscuits are.
    {baby} danced to the advert and {mum} danced too.
    """
)

TOGETHER_EXPECTED = lines(
    """
    We spent some minutes imagining what the baby might already know of {mum}.
    {mum} spoke to the bump for the first time while I was there.
    {mum} said "we" about herself and the baby, without noticing.
    She can picture holding the baby and finds it hard to picture the day after.
    {mum} keeps busy when the talk comes to the baby, and today she stayed with it.
    We wrote a short letter to the baby together; {mum} kept it.
    She tried stroking where the foot was, and it moved away and came back.
    {mum} asked whether love comes at once, and we talked about how often it does not.
    """
)

TOGETHER = lines(
    """
    {mum} follows {his} lead more than she did: she waited until {he} was done looking.
    She put into words what {he} seemed to feel, and {he} quietened.
    {mum} laughed with {him}, not at {him}, and it went back and forth four or five times.
    She missed the first sign that {he} was tired, saw the second, and slowed down.
    When {he} cried {mum} went pale, said so, and picked {him} up.
    Today {mum} turned the phone over by herself when {he} looked at her.
    There was a long look between them that neither of them hurried.
    {mum} spoke to {him} in a low voice all through the nappy change.
    She was brisk with {him} at first and softened after feeding.
    {mum} named {his} wish and her own no in one sentence, which is new.
    We saw on the clip how {he} checks her face before trying something.
    {mum} sat at a distance and watched me play, and joined when I moved back.
    {He} reached for {mum}'s chain and she let {him} hold it.
    {mum} found the song that settles {him} and used it twice.
    It took two tries to comfort {him}; {mum} did not give up and did not blame {him}.
    She noticed that {he} looks away to rest and not because {he} dislikes her.
    {mum} held {him} facing out and then turned {him} to her when the bell rang.
    She praised {him} for trying, and then looked a little embarrassed.
    {mum} was flat and {he} worked hard to get a smile; we talked about that afterwards.
    Their play was lively and {mum} stopped before it became too much.
    {mum} guessed wrong about what {he} wanted, said "oh, not that", and tried again.
    Lovely to see {him} settle against her shoulder and her breathing slow with {his}.
    """
)
