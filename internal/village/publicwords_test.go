package village

import (
	"slices"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"
)

// revealing is what people type into what everybody reads, and what it gives away.
var revealing = map[string]Reveals{
	"12 Elm Street": RevealsAddress, "1420 n lincoln ave": RevealsAddress, "from 77 Pine Rd, near the park": RevealsAddress, "i live at 9 oakwood": RevealsAddress,
	"4511 W 32nd Ave apt 4B": RevealsAddress, "350 Main St": RevealsAddress, "the corner house, 18 maple court": RevealsAddress, "Apt 12, the blue building": RevealsAddress,
	"my address is 55 Willow": RevealsAddress, "2210 south broadway blvd": RevealsAddress, "house number 7 on the left": RevealsAddress, "unit 3b, ring twice": RevealsAddress,
	"604 e colfax avenue": RevealsAddress, "8 Martin Luther King Blvd": RevealsAddress, "pick me up at 1900 Blake St.": RevealsAddress,
	"we're at 31 Juniper": RevealsAddress, "pick up from 808 grant": RevealsAddress, "grandma's place, 1212 S Pearl": RevealsAddress,
	"key's under the blue pot": RevealsWayIn, "write to k.lee at gmail.com": RevealsMail, "Ava's school is Steele Elementary": RevealsSchool, "Mia 4yrs": RevealsChild,
	"303 555 0100": RevealsPhone, "call 303-555-0100 when you are here": RevealsPhone, "(303) 555-0100": RevealsPhone, "text me at 3035550100": RevealsPhone,
	"+1 720 555 0199": RevealsPhone, "my cell is 720.555.0134": RevealsPhone, "ring 555-0100": RevealsPhone, "phone: 3035550188 thanks": RevealsPhone,
	"maya@example.com": RevealsMail, "write to maya.k@mail.example.org": RevealsMail, "mail me: m_k+rides@example.co.uk": RevealsMail,
	"the door code is 42": RevealsWayIn, "gate code: 1234#": RevealsWayIn, "code 9921 for the lobby": RevealsWayIn, "the key is under the mat": RevealsWayIn,
	"keys are in the mailbox": RevealsWayIn, "buzz 14": RevealsWayIn, "garage keypad 5512": RevealsWayIn, "lockbox 0417 on the railing": RevealsWayIn,
	"pin is 8080": RevealsWayIn, "front door code 17": RevealsWayIn, "spare key behind the planter": RevealsWayIn,
	"Lincoln Elementary School": RevealsSchool, "lincoln elementary": RevealsSchool, "from Roosevelt High School": RevealsSchool, "East High": RevealsSchool,
	"St. Mary's Academy": RevealsSchool, "st marys school, north gate": RevealsSchool, "PS 118": RevealsSchool, "sunshine preschool on the west side": RevealsSchool,
	"at Bright Horizons Daycare": RevealsSchool, "hillside montessori": RevealsSchool, "Denver Language School": RevealsSchool, "morey middle school": RevealsSchool,
	"my daughter Ava": RevealsChild, "our son leo needs a booster": RevealsChild, "my kids Mia and Noah": RevealsChild, "Ava, age 7": RevealsChild,
	"Jonas (5) and a dog": RevealsChild, "my girl is called zuri": RevealsChild, "pick up Ava at the gate": RevealsChild, "please collect noah and emma": RevealsChild,
	"the twins, Ella and Finn": RevealsChild, "my 6 year old daughter Nora": RevealsChild, "my son's name is Kofi": RevealsChild, "for my little one Isla": RevealsChild,
	"after my ketamine session": RevealsMedicine, "Spravato clinic": RevealsMedicine, "I take lithium": RevealsMedicine, "coming from my KAP appointment": RevealsMedicine,
	"no grapefruit, I am on Zoloft": RevealsMedicine, "infusion center": RevealsMedicine, "psychedelic therapy place": RevealsMedicine, "pick up my Xanax at the pharmacy": RevealsMedicine,
}

// harmless is what people type who give nothing away.
var harmless = []string{
	"near Union Station", "the 5th street mall", "the west side", "from the clinic downtown", "the corner of Main and Third", "north of the river",
	"near the high school", "behind the elementary school", "the old school building", "the school on the hill", "near City Park", "the library",
	"I may be sleepy", "it takes about 2 hours one way", "a 10 minute drive", "2 people drive, one way", "I'll be at the north door", "ring twice please",
	"5 minutes from the station", "3 kids, 2 boosters", "my kids are easy", "my daughter is shy", "my son needs a booster seat", "the children know the way",
	"soccer carpool, 4 seats", "any time after 3pm is fine", "thu 3pm or fri 4pm", "2026-12-08 at 13:00", "between 5 and 7", "bus 15 stops there",
	"around 12 noon at the mall", "the day care of the gym", "gluten free, no nuts", "something simple, serves 4", "we have a dog", "I don't talk much after",
	"I need a quiet ride", "the entrance on Elm Street", "near Maple and 4th", "exit 12 off the highway", "terminal 2, arrivals", "platform 3",
	"the zip code is 80202", "half a block from the park", "6 blocks from the square", "we can do both ways", "please text when close", "no dress code",
	"two bags of groceries and milk", "a prescription from the pharmacy", "my sister may come along", "the farmers market", "the parking lot behind the court", "the art place",
	"200 feet from the trail", "for 2 adults and 1 child", "the kids and I", "Monday, 7 sharp", "May 5 works too", "Austin airport",
	"Jackson Park, south end", "near Lincoln Park", "the park with the swings", "after school, before dinner", "home by 8 if that is all right", "room for 3",
	"meet at the Safeway on Colfax", "any of the 3 days works", "I walk slowly", "Emma's Cafe on 6th", "corner of 8th and Grant", "Lincoln and 12th", "Max 2 hours",
	"take I-25 to exit 204", "it is 5 miles from the hospital", "school starts at 8", "I am at 12 noon", "we are at 5 people", "the pharmacy on Main Street",
	"the appointment is short", "wheelchair, folds up", "I cannot lift anything", "child seat for a 3 year old", "the boys play until 6", "you are the best, thank you",
}

// What gives something away is noticed, and what does not is left alone.
func TestPartNoticesWhatGivesAway(t *testing.T) {
	missed, alarms := 0, 0
	for text, why := range revealing {
		if p := Part(text); !slices.Contains(p.Why, why) || p.Private == "" {
			missed++
			t.Errorf("%q gives away %s: %+v", text, why, p)
		}
	}
	for _, text := range harmless {
		if p := Part(text); len(p.Why) > 0 || p.Public != tidied([]string{text}) {
			alarms++
			t.Errorf("%q gives nothing away: %+v", text, p)
		}
	}
	t.Logf("noticed %d of %d, asked about %d of %d that give nothing away", len(revealing)-missed, len(revealing), alarms, len(harmless))
}

// Nobody loses a word: the halves hold every one, and parting the public half finds
// nothing that was parted before.
func TestPartKeepsEveryWord(t *testing.T) {
	pieces := append([]string{"ring twice", ", ", " and ", "; ", "  ", ". ", "(", "élan", "7", "Ava", "my son", "St.", "—", "@", "#", "12", "Street"}, harmless...)
	for text := range revealing {
		pieces = append(pieces, text)
	}
	slices.Sort(pieces)
	rapid.Check(t, func(rt *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 5).Draw(rt, "pieces"), rapid.SampledFrom([]string{" ", ", ", ""}).Draw(rt, "between"))
		p := Part(text)
		if was, is := wordsIn(text), wordsIn(p.Public+" "+p.Private); !slices.Equal(was, is) {
			rt.Fatalf("%q has the words %q, and its halves %q: %+v", text, was, is, p)
		}
		if (p.Private == "") != (len(p.Why) == 0) {
			rt.Fatalf("%q: %+v", text, p)
		}
	})
}

// wordsIn are the words of a text, sorted.
func wordsIn(text string) []string {
	words := strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) })
	slices.Sort(words)
	return words
}
