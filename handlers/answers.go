package handlers

import (
	"slices"
	"strings"

	"village/bot"
	"village/handlers/understand"
)

// answer is one row of the table of answers: what is said to a question, and the button
// of that question which says as much. Whether words do it is the command's own affair,
// see bot.Command.Final.
type answer struct {
	to   []understand.Asked
	said []understand.Said
	// tap is how the button's command begins, without its slash; empty where no button
	// says as much, and the question comes back.
	tap string
	// plain says that only a plain yes or no is this answer: "can't make it" is no word
	// about somebody else.
	plain bool
}

// answers are what is said to every open question. Of several rows the first counts
// whose button the question has.
func answers() []answer {
	type asked = []understand.Asked
	type said = []understand.Said
	return []answer{
		{to: asked{understand.StillOn}, said: said{understand.Yes, understand.Still, understand.Fine}, tap: "need still"},
		{to: asked{understand.StillOn}, said: said{understand.No}, tap: "need release"},
		{to: asked{understand.StillOn}, said: said{understand.No}, tap: "need unfill"},
		{to: asked{understand.StillOn}, said: said{understand.NotYet, understand.Late}},

		{to: asked{understand.CouldYou}, said: said{understand.Yes}, tap: "need claim"},
		{to: asked{understand.CouldYou}, said: said{understand.No}, tap: "need pass"},
		{to: asked{understand.CouldYou}, said: said{understand.No}, tap: "need release"},
		{to: asked{understand.CouldYou}, said: said{understand.Still, understand.NotYet, understand.Fine}},

		{to: asked{understand.OnTheWay}, said: said{understand.Got}, tap: "need got"},
		{to: asked{understand.OnTheWay, understand.HomeSafe}, said: said{understand.Home}, tap: "need home"},
		{to: asked{understand.OnTheWay}, said: said{understand.Late}, tap: "need late"},
		{to: asked{understand.OnTheWay}, said: said{understand.No}, tap: "need release"},
		{to: asked{understand.OnTheWay, understand.HomeSafe}, said: said{understand.Yes, understand.NotYet}},

		{to: asked{understand.RideHere}, said: said{understand.Here, understand.Got}, tap: "need here"},
		{to: asked{understand.RideHere}, said: said{understand.Nobody, understand.No, understand.NotYet}, tap: "need nobody"},
		{to: asked{understand.RideHere}, said: said{understand.Yes}},

		{to: asked{understand.MayThey}, said: said{understand.Yes, understand.Fine}, tap: "need approve", plain: true},
		{to: asked{understand.MayThey}, said: said{understand.No}, tap: "need decline", plain: true},
		{to: asked{understand.MayThey}, said: said{understand.Yes, understand.No, understand.Fine, understand.NotYet}},

		{to: asked{understand.SavePlan}, said: said{understand.Yes}, tap: "session save"},
		{to: asked{understand.SavePlan}, said: said{understand.No, understand.NotYet, understand.Fine}},

		{to: asked{understand.HowIsToday}, said: said{understand.Better}, tap: "checkin today better"},
		{to: asked{understand.HowIsToday}, said: said{understand.Same}, tap: "checkin today same"},
		{to: asked{understand.HowIsToday}, said: said{understand.Heavier}, tap: "checkin today heavier"},
		// What I offered to do, which is the one button of it: see tapFor.
		{to: asked{understand.ShallI}, said: said{understand.Yes, understand.No, understand.Fine}, plain: true},

		{to: asked{understand.HowIsToday}, said: said{understand.Yes, understand.No, understand.Fine, understand.NotYet}},
	}
}

// takes says whether an answer can be one to a question.
func (q openQuestion) takes(r understand.Reading) bool {
	return slices.ContainsFunc(answers(), func(x answer) bool { return x.fits(q.kind, r) })
}

func (x answer) fits(asked understand.Asked, r understand.Reading) bool {
	return slices.Contains(x.to, asked) && slices.Contains(x.said, r.Said) && (r.Plain || !x.plain)
}

// tapFor is the button of a question that an answer means; none where no button says
// as much.
func (q openQuestion) tapFor(r understand.Reading) bot.Button {
	switch {
	case q.unsure && r.Said != understand.Still:
		return bot.Button{}
	case q.kind == understand.ShallI && r.Said == understand.Yes:
		return q.buttons[0]
	}
	for _, x := range answers() {
		if x.tap == "" || !x.fits(q.kind, r) {
			continue
		}
		for _, b := range q.buttons {
			if strings.HasPrefix(b.Command+" ", "/"+x.tap+" ") {
				return b
			}
		}
	}
	return bot.Button{}
}

// inWords says whether words alone do what a line says.
func (a *App) inWords(line string) bool {
	path, args, err := bot.ParseLine(a.Table(), line)
	if err != nil || args["sure"] != "" {
		return false
	}
	cmd := bot.Find(a.Table(), path)
	return cmd != nil && cmd.Run != nil && !cmd.Final
}

// openQuestion is something that a person was asked and has not answered.
type openQuestion struct {
	kind understand.Asked
	// label says which one it is, where there are several.
	label string
	// buttons are the question's own.
	buttons []bot.Button
	// unsure says that a bare yes may be one to something else.
	unsure bool
	// names are of those whom it is about.
	names []string
	// need is what a helper is down for here, whose no is noted.
	need string
	// form is what they were asked to fill in; nil for any other question.
	form *bot.Form
}
