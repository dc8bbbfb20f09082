package understand

// Trouble is what somebody says of their ride home on its day.
type Trouble string

// The troubles. The empty one is none.
const (
	NotThere Trouble = "not-there" // nobody has come
	NoRide   Trouble = "no-ride"   // nobody is going to
)

// RideTrouble is what words say of the speaker's own ride home. It is for those who
// have one, or need one, on that day: for anybody else the words can mean something
// else.
func (e *Ear) RideTrouble(words string) Trouble {
	s := e.parse(words)
	if len(s.toks) == 0 || len(s.toks) > mostTokens {
		return ""
	}
	p := e.look(s)
	switch {
	case p.is(noShow), e.saysNobody(s):
		return NotThere
	case p.is(others, cancels, moves, remindMe, past) || p.when != "" || p.begins("do i", "can i", "should i"):
		return ""
	case p.is(nobody, wants) && p.is(rideHome, ride), p.is(mine) && p.is(rideHome), p.fellThrough():
		return NoRide
	}
	return ""
}

// fellThrough says whether whoever was to drive does not: my ride canceled.
func (p said) fellThrough() bool {
	return p.has("ride", "driver", "lift") && p.has("canceled", "bailed", "fell", "cancels", "quit") && !p.has("i", "we")
}

// saysNobody says whether words answer that nobody has come.
func (e *Ear) saysNobody(s sentence) bool {
	r := e.reply(s, Heard{Asked: []Asked{RideHere}})
	return r.Said == Nobody && r.Sure
}
