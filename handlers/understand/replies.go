package understand

import (
	"slices"
	"strings"
)

// Said is the answer that a reply gives.
type Said string

// The answers.
const (
	Yes     Said = "yes"
	No      Said = "no"
	Still   Said = "still" // it is still on
	Late    Said = "late"
	Got     Said = "got"    // picked up
	Home    Said = "home"   // home safe
	Here    Said = "here"   // my ride is here
	Nobody  Said = "nobody" // nobody has come
	Better  Said = "better"
	Same    Said = "same"
	Heavier Said = "heavier"
	NotYet  Said = "not-yet" // no, but it is not a no for good
	Fine    Said = "fine"    // ok, thanks: nothing more where nothing was asked
	willing Said = "willing" // yes, of those who were asked whether they can
	filler  Said = "filler"
)

// replyPhrases are the ways to answer what one was asked.
func replyPhrases() phrasebook[Said] {
	b := phrasebook[Said]{}
	b.add(Yes, `yes; yes please; sure; sure thing; sure can; sure am; that is right; yes that is right; it is right; of course; absolutely; definitely; certainly; yes i can; i can; i can do it; i can do that; i can do this one; can do; will do; yes i will; i will do it; i will take it; i got it; count me in; i am in; happy to; glad to; i would love to; no problem; no worries; works for me; that works; works; fine by me; fine with me; sounds good; looks good; looks right; looks fine; all right; alright; right; correct; yes it is; it is; it does; yes it does; suits me; it suits me; that suits me; confirmed; confirm; i confirm; i can make it; can make it; yes i am; save it; save; please save it; save the plan; go ahead; do it; go for it; please do; they may; yes they may; she may; he may; that is fine; all good; ok with me; i will be there; will be there; i am coming; be there; see you there; you bet; yes sir; i can stand in; i can step in; i accept; agreed; deal; perfect`)
	b.add(willing, `count on me; you can count on me; i will drive; i will drive {them}; i will get {them}; i will bring {them}; i will pick {them} up; i can drive; i can drive {them}; i can get {them}; i can pick {them} up; i can bring it; i can bring {them}; i will bring it; sign me up; please sign me up; put me down; put me down for it; glad to help; happy to help; i am your driver; i am on it; i can help; i can help out; i can take {them}; i will take {them}; i can be there; i can stand in`)
	b.add(Still, `still on; {we} {be} still on; still on the books; no changes; no change of plans; on it; it is on; still happy to; still up for it; i can still drive; can still drive; still able to; still free; [yes] it is still on; still good; still happening; still a yes; all set; we are still on; i am still on; i am still good; i am still coming; i am still in; still in; still coming; still fine; still works; still works for me; still ok; still planning to; still planning on it; it is on; on for tomorrow; all good for tomorrow; good for tomorrow; good to go; i can still do it; can still do it; still can; still doing it; still suits me; nothing has changed; nothing changed; as planned; i have not forgotten; did not forget`)
	b.add(No, `have to pull out; i have to pull out; need to pull out; stuck at work; got to cancel; i got to cancel; no; can not; i can not; can not do it; can not do that; can not do this; can not do that one; can not do this one; can not make it; i can not make it [anymore/after]; can not make it after all; not able to; i am not able to; i am unable to; unable to; will not be able to; not this time; i can not do it; can not help; i can not drive; can not drive; i have to cancel; have to cancel; i have to back out; have to back out; back out; i have to step back; step back; stepping back; i need to step back; i have to drop out; have to drop out; something came up; not possible; not going to make it; i am not going to make it; will not make it; can not come; i can not come; i am sick; no can do; i would rather not; rather not; not today; not me; no thank you; no thanks; do not save it; do not save; no it is not; it does not suit me; does not suit me; does not work for me; i am not coming; not coming; find somebody else; please find somebody else; i need to cancel; i no longer can; can no longer do it; i can no longer do it; i will have to pass; have to pass; pass; i must cancel; i need to back out; not available; i am not available; i am not free; they may not; off; it is off`)
	b.add(Late, `[{we}] be there in/by; there in/by; [{we}] be there soon; be right there; nearly done; {we} will be there in/by; ten/five/20/10/15 minutes out; minutes away; {we} {be} minutes away; running late; {we} {be} running late; running [a] [bit/little] late; {we} {be} running [a] [bit/little] late; running behind; {we} {be} running behind; {we} {be} late; {we} will be late; will be late; going to be late; {we} {be} going to be late; late; a bit late; it takes longer; takes longer; taking longer; it is taking longer; this is taking longer; [it] will take longer; stuck in traffic; {we} {be} stuck in traffic; in traffic; bad traffic; traffic is bad; traffic; delayed; {we} {be} delayed; need more time; {we} need more time; not done yet; they are not done yet; she is not done yet; he is not done yet; she is not out yet; he is not out yet; they are not out yet; not out yet; still waiting; {we} {be} still waiting; still waiting for {them}; still at the clinic; still there; not ready yet; she is not ready yet; he is not ready yet; on my way; {we} {be} on my/our/the way; on the/our way; few minutes late; more minutes; few more minutes; another few minutes; minutes more; half an hour late; running 5/10/15/20/25/30/five/ten/fifteen/twenty/thirty minutes/min/mins late; {we} {be} running 5/10/15/20/25/30/five/ten/fifteen/twenty/thirty minutes/min/mins late; late by; give me/us a minute; almost there; nearly there; {we} {be} almost there; {we} {be} nearly there; still driving; {we} {be} still driving; still on the road; {we} {be} still on the road; session is running over; session ran over; they are running over; running over`)
	b.add(Got, `got {them}; i got {them}; i/we have got {them}; i/we have {them}; picked up; {we} picked up; picked {them} up; i/we picked {them} up; i/we have picked {them} up; {we} {be} picked up; {we} got picked up; just picked {them} up; i/we just picked {them} up; got them both; got the {kids}; got all the {kids}; i got the {kids}; i have the {kids}; have the {kids}; i/we picked up the {kids}; picked up the {kids}; picked the {kids} up; i picked the {kids} up; picked everybody up; {we} {be} in the car; in the car; she is with me; he is with me; they are with me; {be} with me; with me; collected {them}; collected; fetched {them}; on board; in my car; heading home; headed home; {we} {be} heading home; {we} {be} headed home; driving home; driving; driving now; {we} {be} driving home; driving {them} home; on the road with {them}; {we} {be} driving; i have her now; {we} {be} on our/the way home; on our/the way home; on our/the way back; {we} {be} on our/the way back; we left; we have left; we just left; have {them}; got picked up; just left; leaving now; {we} {be} leaving now; {we} {be} off; i am in the car`)
	b.add(Home, `{we} just got in; just got in; {we} just got home; just got home; {we} got in; dropped {them} at [his/her/the/their] door; dropped {them} at his/her/the/their house/place/home; {we} just arrived home; walked {them} inside; {we} {be} safe at home; safe at home; {we} {be} safely home; safely home; home; home safe; home now; home safely; safe home; {we} {be} home [safe/safely/now/again]; {we} {be} back home [safe/safely/now]; back home [safe/safely/now]; {we} {be} home safe and sound; home safe and sound; safe and sound; {we} made it; {we} made it home; made it home; made it; {we} got home [safe/safely]; got home [safe/safely]; got {them} home [safe/safely]; i got {them} home [safe/safely]; dropped off; dropped {them} off; i dropped {them} off; i/we have dropped {them} off; dropped {them} at home; dropped {them} home; just dropped {them} off; just dropped {them} home; dropped {them} off at home; dropped {them} off at his/her/their/the/our/my place/house/door; just dropped {them} off at his/her/their/the/our/my place/house/door; {we} {be} at home; at home; {we} arrived; arrived; arrived home; {we} have arrived; {we} {be} safe; safe; {we} {be} there; there safe; {we} {be} there safe; {we} arrived safe/safely; delivered; {we} {be} inside; inside; home and resting; {we} {be} home and resting; {we} {be} home and fine; in bed; on the couch; on the sofa; home sweet home; back safe; {we} {be} back safe; all home; everybody is safe; all safe; everybody home; brought {them} home; took {them} home; drove {them} home; i brought {them} home; i took {them} home; i drove {them} home; walked {them} in; walked {them} to the door; the {kids} {be} home; {kids} {be} home; the {kids} {be} safe; all {kids} home; ride is done; all done; {we} {be} all home`)
	b.add(Better, `better; a bit better; a little better; much better; lots better; feeling better; i feel better; i am better; i am feeling better; lighter; feeling lighter; i feel lighter; i feel a bit better; i feel a little better; better than yesterday; better today; today is better; great; feeling great; pretty good; feeling good; i feel good; good; very good; quite good; good day; a good day`)
	b.add(Same, `same; the same; about the same; same as yesterday; same as before; no change; unchanged; no different; not much different; same old; so so; meh; as before; same as always; nothing new`)
	b.add(Heavier, `heavier; heavy; a bit heavier; a little heavier; feeling heavier; i feel heavier; i feel heavy; it is heavier; worse; a bit worse; feeling worse; i feel worse; lower; feeling low; i feel low; low; harder today; not good; not great; not so good; not so great; rough; rough day; a rough day; bad; bad day; a bad day; hard; hard day; a hard day; tough day; a tough day`)
	b.add(NotYet, `not yet; not home yet; {we} {be} not home yet; {we} {be} not home; not home; have not picked {them} up [yet]; i have not picked {them} up [yet]; not picked up yet; have not left yet; not there yet; {we} {be} not there yet; later; maybe; maybe later; not sure; i am not sure; i do not know; not sure yet; do not know yet; i do not know yet; i will let you know; let you know; will let you know; i have to check; let me check; need to check; i might; perhaps; it depends; possibly; i think so; i think i can; probably; hopefully; i hope so; ask me later; ask again later; i guess`)
	b.add(Here, `my ride is here; the ride is here; ride is here; my driver is here; driver is here; my driver has come; my ride has come; my ride came; my driver came; they are here; he is here; she is here; my sister is here; my friend is here; {we} {be} here now; everybody is here; found {them}; i found {them}; my ride found me; i see them; i see the car`)
	b.add(Nobody, `nobody is here; nobody came; nobody has come; nobody is here to pick me up; nobody showed up; no one is here; no one came; my driver did not show up; my driver did not show; my driver is not here; my ride is not here; driver is not here; nobody yet; nobody has come for me; my driver is late; the driver is late; my ride is late; still waiting for my ride; still waiting for my driver; i am still waiting; i am still here; still waiting; no ride; everybody is not here; {we} is not here; nobody has shown up; no one has come; no one showed up; no one has shown up; no sign of {them}; my driver never came; nobody picked me up; i am stranded; where is my driver; where is my ride`)
	b.add(Fine, `ok; ok ok; ok then; ok great; ok cool; cool; fine; got it; understood; noted; great; done; it is done; all done; good; nice; roger; copy that; 10 4; i am here; here; right here; that is all; all good; never mind; nothing; good to know; i see; perfect; awesome; super; wonderful; lovely; excellent; right`)
	b.add(filler, `for tomorrow; for today; for tonight; for this afternoon; for monday/tuesday/wednesday/thursday/friday/saturday/sunday; on monday/tuesday/wednesday/thursday/friday/saturday/sunday; this time; thanks; thank you; thanks so much; thank you so much; thanks a lot; many thanks; thank you for asking; thanks for asking; thanks for checking; thank you for checking; sorry; so sorry; i am sorry; i am so sorry; very sorry; really sorry; please; hi; hey; hello; hi village; village; just; now; right now; all; again; then; so; and; well; oh; yes; tomorrow; today; tonight; this afternoon; this morning; this evening; as well; too; at last; finally; everybody; safe; safely; sound; by the way; looking forward; looking forward to it; looking forward to seeing you; in my calendar; on my calendar; in the calendar; ma am; maam; sir; we; am; for now; ok; after all; this time; i am afraid; unfortunately; actually; really; very; much; still; me; i; already; btw; lol; haha; great; good; fine; no problem; no worries; all good; that; from her; from him; for everybody; with everybody; in my calendar; it in my calendar; it on my calendar; i am working; i am at work; i have to work; my car broke down; drive; drive {them}; help; help out; car trouble; family emergency; i am away; i am out of town; out of town; i will be away; xx; x; xo; cool; perfect; there; bot; my bad; take care; see you; anymore; any more; day; friend; it; for me; up; minutes; minute; min; mins; hour; an hour; half an hour; about; by; 5; 10; 15; 20; 25; 30; 40; 45; ten; five; fifteen; twenty; thirty; sure; hun; dear; love; guys; team; folks`)
	return b
}

// plainPhrases are the yes and no of replyPhrases that answer any question.
func plainPhrases() phrasebook[Said] {
	b := phrasebook[Said]{}
	b.add(Yes, `yes; yes please; sure; sure thing; of course; absolutely; definitely; certainly; yes i do; that works; works for me; fine by me; fine with me; ok with me; ok by me; sounds good; looks good; looks right; all right; alright; right; correct; they may; she may; he may; everybody may; they can; she can; he can; everybody can; let them; let her; let him; let everybody; they may drive me; she may drive me; he may drive me; everybody may drive me; everybody can drive me; everybody may help; everybody can help; that is right; everybody may come; everybody can come; go ahead; do it; go for it; please do; that is fine; that is ok; that is good; all good; you bet; deal; perfect; agreed; approved; approve; i know {them}; i trust {them}; i am fine with {them}; i am fine with that; i am ok with {them}; i am ok with that; no problem; no worries; happy with {them}; {we} {be} fine; {we} {be} great; {we} {be} ok; {we} {be} good; {we} {be} lovely; {we} {be} welcome; everybody is fine with me; i accept; confirmed; confirm; it is ok; it is fine; save it; save; please save it; save the plan`)
	b.add(Fine, `ok; ok then; ok great; ok cool; ok good; cool; fine; great; good; nice; wonderful; lovely; excellent; awesome; super`)
	b.add(No, `no; no thanks; no thank you; not {them}; no not {them}; rather not; i would rather not; i would rather not have {them}; i do not want {them}; i do not want {them} to; they may not; she may not; he may not; everybody may not; not this time; not this one; not them; i do not know {them}; i do not trust {them}; somebody else; somebody else please; anybody else; anybody but {them}; not with {them}; please not {them}; please no; no way; never; not comfortable with {them}; i am not comfortable with {them}; absolutely not; definitely not; of course not; better not; do not; i do not think so; i do not like {them}; not ok; i say no; decline; declined; not really; leave it; forget it; never mind; cancel that; do not bother; not now`)
	return b
}

// plain is the yes or no to whatever was asked that words are, if they are one and
// nothing else.
func (e *Ear) plain(s sentence) (Said, bool) {
	means, book := Said(""), e.known()
	for i := 0; i < len(s.toks); {
		said, n := book.plain.longest(s.toks[i:])
		if other, m := book.replies.longest(s.toks[i:]); m > n || n == 0 {
			if said, n = "", m; other != filler {
				return "", false
			}
		}
		switch {
		case said == "" || said == Fine && means != "":
		case means == "" || means == Fine:
			means = said
		case means != said:
			return "", false
		}
		i += n
	}
	return means, means != ""
}

// withNames is a sentence in which those who were asked about are called everybody, so that
// "got maya" is "got everybody".
func (s sentence) withNames(names []string) sentence {
	if len(names) == 0 {
		return s
	}
	s.toks = slices.Clone(s.toks)
	for i, t := range s.toks {
		if slices.Contains(names, strings.TrimSuffix(t.text, "s")) || slices.Contains(names, t.text) {
			s.toks[i].text = "everybody"
		}
	}
	return s
}

// answers are what somebody answers, in the order in which they say it.
type answers struct {
	said    []Said
	first   Said // where their words begin with it
	covered int  // how many tokens belong to answers
}

func (e *Ear) answersIn(s sentence, h Heard) answers {
	var a answers
	for i := 0; i < len(s.toks); {
		means, n := e.bestReply(s.toks[i:], h)
		means = pick(means == willing, Yes, means)
		if n > 0 && means != filler {
			if i <= 2 && a.first == "" {
				a.first = means
			}
			a.said = append(a.said, means)
		}
		a.covered += n
		i += max(n, 1)
	}
	return a
}

// reply is what somebody answers, when their words are an answer. It is sure where
// every word belongs to it.
func (e *Ear) reply(s sentence, h Heard) Reading {
	s = s.withNames(h.Names)
	if h.wasAsked(MayThey, ShallI) && !s.question {
		if said, plain := e.plain(s); plain {
			return Reading{Kind: Reply, Said: said, Sure: true, Plain: true}
		}
	}
	a := e.answersIn(s, h)
	means, one := meant(a.said)
	whole := a.covered == len(s.toks)
	switch {
	case means == "", means != Nobody && (s.question || e.asks(s) && !whole):
		return Reading{}
	case whole:
		return Reading{Kind: Reply, Said: means, Sure: one}
	}
	return a.partly(s, h, means)
}

// partly is an answer to which not every word belongs: never a sure one.
func (a answers) partly(s sentence, h Heard, means Said) Reading {
	if len(s.toks) > 30 || len(h.Asked) == 0 && h.Who != Helper {
		return Reading{}
	}
	no := slices.Contains(a.said, No)
	begins := a.first != "" && a.first != Fine && (a.first == means || no)
	if !begins && (a.covered*2 <= len(s.toks) || means == Fine) {
		return Reading{}
	}
	return Reading{Kind: Reply, Said: pick(no, No, means)}
}

// wasAsked says whether one of these is an open question.
func (h Heard) wasAsked(one ...Asked) bool {
	return slices.ContainsFunc(h.Asked, func(q Asked) bool { return slices.Contains(one, q) })
}

// bestReply is the longest phrase of an answer; where one was asked how today is,
// a feeling comes before it.
func (e *Ear) bestReply(toks []token, h Heard) (Said, int) {
	var means Said
	n := 0
	for _, p := range e.known().replies[toks[0].text] {
		m, ok := match(toks, p.words)
		if ok && h.rank(p.means, toks) >= 0 && (m > n || m == n && h.rank(p.means, toks) > h.rank(means, toks)) {
			means, n = p.means, m
		}
	}
	return means, n
}

// rank says which of two answers in the same words is the likelier; below 0 it is none
// to what was asked.
func (h Heard) rank(s Said, toks []token) int {
	switch s {
	case filler:
		return 0
	case Fine:
		return 1
	case Here, Nobody:
		return pick(h.wasAsked(RideHere), 3, -1)
	case willing:
		return pick(h.wasAsked(CouldYou, StillOn), 2, -1)
	case Got: // "got it", where nobody was to be picked up
		return pick(len(h.Asked) > 0 && !h.wasAsked(OnTheWay, HomeSafe, RideHere), -1, 2)
	case Better, Same, Heavier:
		return pick(h.wasAsked(HowIsToday), 3, pick(plainly(s, toks), 2, -1))
	}
	return 2
}

// plainly says whether words say how somebody feels without having been asked.
func plainly(feeling Said, toks []token) bool {
	words := map[Said][]string{Better: {"better", "lighter"}, Heavier: {"heavier", "worse"}, Same: nil}[feeling]
	return len(toks) < 6 && slices.ContainsFunc(toks, func(t token) bool { return slices.Contains(words, t.text) })
}

// meant is the one answer among all that was said, and whether nothing else that was
// said goes against it: what is done counts for more than a yes, and yes and no
// together are neither.
func meant(said []Said) (Said, bool) {
	doings := []Said{Home, Got, Late, Still, Yes, Better, Heavier, Same}
	if slices.Contains(said, Got) && slices.Contains(said, Late) && !slices.ContainsFunc(said, func(s Said) bool { return slices.Contains([]Said{Nobody, No, NotYet, Home}, s) }) {
		return Got, false // got her, on our way
	}
	for _, answer := range []struct {
		means   Said
		against []Said
	}{
		{Nobody, nil}, {No, doings}, {NotYet, doings}, {Late, []Said{Home}}, {Home, nil}, {Got, nil}, {Here, nil},
		{Heavier, []Said{Same, Better}}, {Same, []Said{Better}}, {Better, nil}, {Still, nil}, {Yes, nil}, {Fine, nil},
	} {
		if slices.Contains(said, answer.means) {
			return answer.means, !slices.ContainsFunc(said, func(s Said) bool { return slices.Contains(answer.against, s) })
		}
	}
	return "", false
}

func pick[T any](first bool, a, b T) T {
	if first {
		return a
	}
	return b
}

// replyAlone is what an answer asks for where nothing was asked, as far as one can
// tell who says it.
func (e *Ear) replyAlone(s sentence, h Heard, r Reading) []Thing {
	switch r.Said {
	case Late:
		return []Thing{{Path: []string{"need", "late"}}}
	case Got:
		return []Thing{{Path: []string{"need", "got"}}}
	case Home:
		return []Thing{{Path: []string{"need", "home"}}}
	case Still:
		return []Thing{{Path: []string{"need", "still"}}}
	case Better, Same, Heavier:
		return []Thing{{Path: []string{"checkin", "today"}, Args: args("how", string(r.Said))}}
	case Yes:
		if h.Who == Helper {
			return []Thing{{Path: []string{"need", "still"}}}
		}
	case No:
		if h.Who == Helper {
			return []Thing{{Path: []string{"need", "release"}}}
		}
	}
	return nil
}
