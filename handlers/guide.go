package handlers

import (
	"context"
	"fmt"
	"time"

	"village/bot"
	"village/handlers/records"
	"village/handlers/words"
	"village/internal/store"
	"village/internal/village"
	"village/internal/village/when"
	"village/scheduler"
)

// setupGuide walks a moderator through everything that can be set, one thing
// at a time, and ends with a rehearsal.
func (a *App) setupGuide(ctx context.Context, r bot.Request) (bot.Reply, error) {
	g, err := a.group(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	steps := []func(g village.Group) bot.Message{a.guideChannel, a.guideZone, a.guideCountry, a.guideQuiet, a.guideModerators, a.guideRehearsal}
	n := 1
	if r.Arg("step") != "" {
		n = number(r, "step")
	}
	n = min(n, len(steps))
	m := steps[n-1](g)
	m.Title = fmt.Sprintf("%d of %d: %s", n, len(steps), m.Title)
	if n < len(steps) {
		m.Buttons = append(m.Buttons, bot.Button{Label: "Next", Command: fmt.Sprintf("/setup guide %d", n+1)})
	} else {
		m.Buttons = append(m.Buttons, bot.Button{Label: "Is everything all right?", Command: "/setup check"})
	}
	return bot.Reply{Update: true, Messages: []bot.Message{m}}, nil
}

// guideSteps is how many steps setupGuide has.
const guideSteps = 6

func (a *App) guideChannel(g village.Group) bot.Message {
	m := bot.Message{Title: "the channel", Text: "Requests for help are posted in one channel that everybody in the group can read.",
		Buttons: []bot.Button{{Label: "Use this channel", Command: "/setup channel", Style: bot.Primary}}}
	if rooms := words.RoomNames(g); rooms != "" {
		m.Text += " Now it is " + rooms + "."
	}
	m.Footer = "Another one: /setup channel #village"
	return m
}

func (a *App) guideZone(g village.Group) bot.Message {
	m := bot.Message{Title: "the time zone", Text: "Every hour that people type is read in this zone, unless they have set their own."}
	if g.Zone != "" {
		m.Text += " Now it is **" + bot.Literal(g.Zone) + "**, where it is " + bot.Literal(when.Short(a.Now(), village.ZoneNamed(g.Zone))) + "."
	}
	for _, city := range []string{"New York", "Chicago", "Denver", "Los Angeles", "London", "Sydney"} {
		m.Buttons = append(m.Buttons, bot.Button{Label: city, Command: "/setup zone " + city})
	}
	m.Footer = "Any other large city works too: /setup zone Toronto"
	return m
}

func (a *App) guideCountry(g village.Group) bot.Message {
	m := bot.Message{Title: "the country", Text: "It decides whose crisis lines people see first.", Menus: []bot.Menu{{Label: "The country", Command: "/setup country", Picks: a.countries()}}}
	if g.Country != "" {
		m.Text += " Now it is **" + bot.Literal(a.Content.Crisis(g.Country).Country.Name) + "**."
	}
	return m
}

func (a *App) guideQuiet(g village.Group) bot.Message {
	return bot.Message{Title: "the quiet hours", Text: "In these hours I send only what cannot wait. Now they are **" + bot.Literal(g.QuietHours().String()) + "**.",
		Buttons: []bot.Button{
			{Label: "9 pm to 8 am", Command: "/setup quiet 21:00-8:00"},
			{Label: "10 pm to 7 am", Command: "/setup quiet 22:00-7:00"},
			{Label: "None", Command: "/setup quiet off"}}}
}

func (a *App) guideModerators(g village.Group) bot.Message {
	m := bot.Message{Title: "who is told when nobody comes", Text: "When a request has nobody and its day is near, I tell the moderators: in a channel that only they can read, or else directly."}
	if len(g.Moderation) > 0 {
		m.Text += " Now it is " + words.RoomLinks(g.Moderation) + "."
	}
	m.Text += "\n\nWhoever may manage this place on the platform is a moderator. You can choose others as well: " + bot.Literal("/setup trust @sam") + "."
	m.Buttons = []bot.Button{{Label: "Use this channel for it", Command: "/setup moderators"}}
	m.Footer = "Another one: /setup moderators #mods"
	return m
}

func (a *App) guideRehearsal(g village.Group) bot.Message {
	return bot.Message{Title: "a rehearsal", Text: "I can post a request that is not real, so that everybody sees what one looks like, and you see whether I may write where I should. It says that it is a rehearsal, and it closes after an hour.",
		Buttons: []bot.Button{{Label: "Post a rehearsal", Command: "/setup rehearsal", Style: bot.Primary}}}
}

const kindRehearsalJob = "rehearsal"

// rehearsalLasts is how long a rehearsal stands open.
const rehearsalLasts = time.Hour

// rehearsalJob is a rehearsal in one room: its beginning, its end, or the news
// for whoever wanted it that it could not be posted.
type rehearsalJob struct {
	Room village.Room `json:"room"`
	By   string       `json:"by"`
	// At tells one rehearsal from the next, in UNIX milliseconds.
	At    int64  `json:"at"`
	Mods  bool   `json:"mods,omitempty"`
	Phase string `json:"phase,omitempty"`
}

const (
	rehearsalOver   = "over"
	rehearsalFailed = "failed"
)

// card is where a rehearsal stands in its room.
func (j rehearsalJob) card() string {
	return fmt.Sprintf("rehearsal/%s/%d", records.KeyPart(j.Room.ID), j.At)
}

func (j rehearsalJob) id() string { return j.card() + "/" + j.Phase }

// setupRehearsal posts a request that is not real in every room of the group.
func (a *App) setupRehearsal(ctx context.Context, r bot.Request) (bot.Reply, error) {
	var rooms []village.Room
	_, err := a.changeGroup(ctx, r, func(t *records.Tx, g *village.Group) error {
		rooms = append(append([]village.Room{}, g.Rooms...), g.Moderation...)
		if len(g.Rooms) == 0 {
			return &bot.Error{Code: bot.CodeNoChannel, Say: "There is no village channel yet, so there is nowhere to post it.", Hint: "For example: /setup channel #village"}
		}
		for i, room := range rooms {
			j := rehearsalJob{Room: room, By: r.From.ID, Mods: i >= len(g.Rooms), At: a.Now().UnixMilli()}
			t.PutJob(j.id(), kindRehearsalJob, a.Now(), j)
		}
		return nil
	})
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Say(bot.Message{Title: "The rehearsal is on its way", Tone: bot.Good,
		Text:    "It goes to " + words.RoomLinks(rooms) + ". If I may not write there, I tell you directly.",
		Buttons: []bot.Button{{Label: "Is everything all right?", Command: "/setup check"}}}), nil
}

// prepareRehearsal says what a rehearsal comes to.
func (a *App) prepareRehearsal(t *records.Tx, _ due, j rehearsalJob) (scheduler.Delivery, error) {
	next := func(phase string, due time.Time) store.Change {
		t := a.Begin(t.Ctx, t.Change.Partition)
		then := j
		then.Phase = phase
		t.PutJob(then.id(), kindRehearsalJob, due, then)
		return t.Change
	}
	d := scheduler.Delivery{Out: &bot.Outgoing{To: bot.Address{Room: j.Room.ID}}, Card: j.card()}
	switch j.Phase {
	case rehearsalFailed:
		d.Out.To, d.Card = bot.Address{Person: j.By}, ""
		d.Out.Message = bot.Message{Title: "I may not write there", Tone: bot.Urgent,
			Text:    "The rehearsal could not be posted in " + words.RoomLinks([]village.Room{j.Room}) + ". Requests for help would not arrive there either. Please invite me to that channel, or allow me to see it and to write in it.",
			Buttons: []bot.Button{{Label: "Try again", Command: "/setup rehearsal"}, {Label: "What is missing?", Command: "/setup check"}}}
		return d, nil
	case rehearsalOver:
		d.Out.Message = bot.Message{Text: "A rehearsal was here. Nobody needed anything."}
		return d, nil
	}
	d.Out.Message = bot.Message{Title: "A rehearsal: a ride home for nobody", Tone: bot.Asking,
		Text:    "**This is not real. Nobody needs a ride.** A request looks like this, and one tap says yes.",
		Fields:  []bot.Field{{Name: "From", Value: "the corner of Example Road"}, {Name: "Helper", Value: "Nobody yet. Can you?"}},
		Buttons: []bot.Button{{Label: "I can drive", Command: "/helper tried", Style: bot.Primary}}}
	if j.Mods {
		d.Out.Message = bot.Message{Title: "A rehearsal for the moderators", Text: "**This is not real.** When a request has nobody and its day is near, I say so here."}
	}
	d.Then = next(rehearsalOver, a.Now().Add(rehearsalLasts))
	d.Unreachable = func(context.Context, error) (store.Change, error) { return next(rehearsalFailed, a.Now()), nil }
	return d, nil
}

// helperTried answers a yes to a rehearsal.
func (a *App) helperTried(context.Context, bot.Request) (bot.Reply, error) {
	return bot.Say(bot.Message{Title: "That is all it takes", Tone: bot.Good,
		Text: "This was a rehearsal, so nobody is waiting for you. With a real request, one tap says yes. Then I send you the address, and I remind you on the day. You can step back at any time."}), nil
}

// setupCheck says what the platforms make of the group's channels.
func (a *App) setupCheck(ctx context.Context, r bot.Request) (bot.Reply, error) {
	g, err := a.group(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	rooms, err := a.roomsOf(ctx, g)
	if err != nil {
		return bot.Reply{}, err
	}
	m := bot.Message{Title: "Is everything all right?", Buttons: []bot.Button{{Label: "How it is set up", Command: "/setup show"}, {Label: "Step by step", Command: "/setup guide"}}}
	fine := 0
	for _, f := range a.Check(ctx, rooms...) {
		if f.OK {
			fine++
			continue
		}
		m.Fields = append(m.Fields, bot.Field{Name: bot.PlainText(bot.Literal(f.Say)), Value: bot.Literal(f.Do)})
	}
	switch {
	case len(m.Fields) > 0:
		m.Text, m.Tone = "This needs a look:", bot.Urgent
	case fine == 0:
		m.Text = "There is nothing to examine here."
	default:
		m.Text, m.Tone = fmt.Sprintf("Yes. I looked at %s, and all is well.", words.Count(fine, "thing", "things")), bot.Good
	}
	if len(g.Rooms) == 0 {
		m.Text += "\n\nNo village channel is chosen yet: /setup channel"
	}
	return bot.Say(m), nil
}
