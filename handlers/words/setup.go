package words

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"village/bot"
	"village/internal/village"
	"village/internal/village/when"
)

// Setup is how a group is set up, with what stands elsewhere.
type Setup struct {
	village.Group
	// Country is the name of the group's, Countries are those there are lines for.
	Country   string
	Countries []bot.Pick
	// WeekAhead is when the week ahead is posted next; the zero time: never.
	WeekAhead time.Time
	// Trusted are the moderators whom the group has chosen.
	Trusted []village.Person
}

// Setting is something that a group can set.
type Setting struct {
	Name string
	// Value is how it stands; where it is empty, Missing says what that means, and
	// Set does something about it. Nothing is said of a setting with neither.
	Value, Missing string
	Set            bot.Button
	// Again are the commands that set it so; none where it is as nobody set it.
	Again []string
	// Step is its step of the guide, from 1; 0: it has none.
	Step  int
	Guide bot.Message
}

// Settings are all there are, as they stand.
func (to Reader) Settings(s Setup) []Setting {
	all := []Setting{
		to.zoneSetting(s), to.channelSetting(s), to.countrySetting(s), to.moderationSetting(s),
		{Name: to.say("Chosen moderators"), Value: to.chosen(s), Again: append(rolesAgain(s.Roles), trustedAgain(s.Trusted)...)},
		to.quietSetting(s), to.weekSetting(s), to.keepSetting(s), to.helpersSetting(s),
	}
	for _, n := range village.NumberSettings() {
		set := Setting{Name: to.called(n.Noun), Value: to.say(n.Stands, to.amount(n, s.Number(n.Name)))}
		if own := s.Number(n.Name); own != n.Usual {
			set.Again = []string{fmt.Sprintf("/%s %s %d", n.Family, n.Name, own)}
		}
		all = append(all, set)
	}
	return all
}

func roomsAgain(command string, rooms []village.Room) []string {
	var lines []string
	for _, room := range rooms {
		lines = append(lines, command+" #"+room.Name)
	}
	return lines
}

func trustedAgain(people []village.Person) []string {
	var lines []string
	for _, p := range people {
		if p.Name != "" {
			lines = append(lines, "/setup trust @"+p.Name)
		}
	}
	return lines
}

// amount is a number that a group sets, in words.
func (to Reader) amount(s village.NumberSetting, n int) string {
	if n == 1 {
		return to.called(s.One)
	}
	return to.say(s.Many, n)
}

// NumberSet says what a number is now.
func (to Reader) NumberSet(s village.NumberSetting, n int) bot.Message {
	return bot.Message{Title: to.called(s.Title), Tone: bot.Good, Text: to.say(s.Set, to.amount(s, n))}
}

// need is one as it would be asked for now.
func (s Setup) need() village.Need { return village.Need{KeepDetails: s.KeepDetails, Keep: s.Keep} }

func (s Setup) daysKept() int { return int(s.need().KeptUntil().Sub(time.Time{}) / (24 * time.Hour)) }

func (to Reader) zoneSetting(s Setup) Setting {
	set := Setting{Name: to.say("Time zone"), Missing: to.say("Not set. Nobody can ask for a ride before it is: /setup zone Denver"),
		Set: bot.Button{Label: to.say("Set the time zone"), Command: "/setup zone"}, Step: 2,
		Guide: bot.Message{Title: to.say("the time zone"), Text: to.say("Every hour that people type is read in this zone, unless they have set their own."),
			Footer: to.say("Any other large city works too: /setup zone Toronto")}}
	if s.Zone != "" {
		name, now := bot.Literal(s.Zone), bot.Literal(when.Short(to.Now, village.ZoneNamed(s.Zone)))
		set.Value = to.say("%s, where it is now %s", name, now)
		set.Guide.Text += " " + to.say("Now it is **%s**, where it is %s.", name, now)
		set.Again = []string{"/setup zone " + s.Zone}
	}
	for _, city := range []string{"New York", "Chicago", "Denver", "Los Angeles", "London", "Sydney"} {
		set.Guide.Buttons = append(set.Guide.Buttons, bot.Button{Label: city, Command: "/setup zone " + city})
	}
	return set
}

func (to Reader) channelSetting(s Setup) Setting {
	use := bot.Button{Label: to.say("Use this channel"), Command: "/setup channel"}
	set := Setting{Name: to.say("Village channel"), Value: RoomNames(s.Group), Missing: to.say("Not set. Requests go where they are first asked: /setup channel"),
		Set: use, Step: 1, Again: roomsAgain("/setup channel", s.Rooms),
		Guide: bot.Message{Title: to.say("the channel"), Text: to.say("Requests for help are posted in one channel that everybody in the group can read."),
			Footer: to.say("Another one: /setup channel #village")}}
	use.Style = bot.Primary
	set.Guide.Buttons = []bot.Button{use}
	if set.Value != "" {
		set.Guide.Text += " " + to.say("Now it is %s.", set.Value)
	}
	return set
}

func (to Reader) countrySetting(s Setup) Setting {
	set := Setting{Name: to.say("Crisis lines"), Value: bot.Literal(s.Country), Missing: to.say("Not set. Lines of several countries are shown: /setup country US"),
		Set: bot.Button{Label: to.say("Choose the country"), Command: "/setup country"}, Step: 3,
		Guide: bot.Message{Title: to.say("the country"), Text: to.say("It decides whose crisis lines people see first."),
			Menus: []bot.Menu{{Label: to.say("The country"), Command: "/setup country", Picks: s.Countries}}}}
	if set.Value != "" {
		set.Guide.Text += " " + to.say("Now it is **%s**.", set.Value)
		set.Again = []string{"/setup country " + s.Group.Country}
	}
	return set
}

func (to Reader) moderationSetting(s Setup) Setting {
	set := Setting{Name: to.say("Moderators' channel"), Value: RoomLinks(s.Moderation), Missing: to.say("Not set. I'll tell moderators directly: /setup moderators"),
		Set: bot.Button{Label: to.say("Use this channel for moderators"), Command: "/setup moderators"}, Step: 5, Again: roomsAgain("/setup moderators", s.Moderation),
		Guide: bot.Message{Title: to.say("who is told when nobody comes"),
			Text:    to.say("When a request has nobody and its day is near, I'll tell the moderators: in a channel that only they can read, or else directly."),
			Buttons: []bot.Button{{Label: to.say("Use this channel for it"), Command: "/setup moderators"}},
			Footer:  to.say("Another one: /setup moderators #mods")}}
	if set.Value != "" {
		set.Guide.Text += " " + to.say("Now it is %s.", set.Value)
	}
	set.Guide.Text += "\n\n" + to.say("Whoever may manage this server or workspace is a moderator. You can choose others as well: %s, or everybody who has a role: %s.", bot.Literal("/setup trust @sam"), bot.Literal("/setup trust role: @moderators"))
	return set
}

func (to Reader) quietSetting(s Setup) Setting {
	hours := bot.Literal(s.QuietHours().String())
	var again []string
	if s.Quiet != nil {
		again = []string{"/setup quiet " + s.QuietHours().String()}
	}
	return Setting{Again: again, Name: to.say("Quiet hours"), Value: hours, Step: 4,
		Guide: bot.Message{Title: to.say("the quiet hours"), Text: to.say("In these hours I'll send only what can't wait. Now they are **%s**.", hours),
			Buttons: []bot.Button{
				{Label: to.say("9 pm to 8 am"), Command: "/setup quiet 21:00-8:00"},
				{Label: to.say("10 pm to 7 am"), Command: "/setup quiet 22:00-7:00"},
				{Label: to.say("None"), Command: "/setup quiet off"}}}}
}

func (to Reader) weekSetting(s Setup) Setting {
	set := Setting{Name: to.say("The week ahead"), Missing: to.say("Not set. I can post once a week what is asked for: /setup digest sun 6pm"),
		Set: bot.Button{Label: to.say("Post it on Sundays"), Command: "/setup digest sun 6pm"}, Step: 6,
		Guide: bot.Message{Title: to.say("the week ahead"), Text: to.say("Once a week I can post in the village channel what is asked for in the seven days ahead."),
			Buttons: []bot.Button{
				{Label: to.say("Sundays at 6 pm"), Command: "/setup digest sun 6pm"},
				{Label: to.say("Mondays at 9 am"), Command: "/setup digest mon 9am"},
				{Label: to.say("Never"), Command: "/setup digest off"}}}}
	if !s.WeekAhead.IsZero() {
		at := s.WeekAhead.In(village.ZoneNamed(s.Zone))
		set.Again = []string{"/setup digest " + strings.ToLower(at.Format("Mon 15:04"))}
		set.Value = to.say("Once a week, next on %s", bot.Literal(when.Short(s.WeekAhead, village.ZoneNamed(s.Zone))))
		set.Guide.Text += " " + to.say("The next one comes on **%s**.", bot.Literal(when.Short(s.WeekAhead, village.ZoneNamed(s.Zone))))
	}
	return set
}

func (to Reader) keepSetting(s Setup) Setting {
	value := to.say("Private details are wiped %s after the day, everything about a request %d days after it.", to.wipedAfter(s.need().DetailsKept()), s.daysKept())
	var again []string
	if s.KeepDetails > 0 || s.Keep > 0 {
		line := "/setup keep"
		if s.KeepDetails > 0 {
			line += fmt.Sprintf(" details: %d", s.KeepDetails)
		}
		if s.Keep > 0 {
			line += fmt.Sprintf(" requests: %d", s.Keep)
		}
		again = []string{line}
	}
	return Setting{Again: again, Name: to.say("How long things are kept"), Value: value, Step: 7,
		Guide: bot.Message{Title: to.say("how long things are kept"), Text: value,
			Buttons: []bot.Button{
				{Label: to.say("Two days, then 90"), Command: "/setup keep details: 48 requests: 90"},
				{Label: to.say("One day, then 30"), Command: "/setup keep details: 24 requests: 30"}}}}
}

// SetupShown is every setting, and how many messages of the group could not be
// delivered.
func (to Reader) SetupShown(s Setup, undelivered int64) bot.Message {
	m := bot.Message{Title: to.say("How this group is set up")}
	for _, set := range to.Settings(s) {
		value := set.Value
		if value == "" && set.Missing != "" {
			value = set.Missing
			m.Buttons = append(m.Buttons, set.Set)
		}
		if value != "" {
			m.Fields = append(m.Fields, bot.Field{Name: set.Name, Value: value})
		}
	}
	if undelivered > 0 {
		said := to.say("%d messages. People are told at their next command; a channel may need a look at my permissions.", undelivered)
		if undelivered == 1 {
			said = to.say("1 message. People are told at their next command; a channel may need a look at my permissions.")
		}
		m.Fields = append(m.Fields, bot.Field{Name: to.say("Could not reach people"), Value: said})
	}
	m.Buttons = append(m.Buttons, bot.Button{Label: to.say("Step by step"), Command: "/setup guide"}, bot.Button{Label: to.say("To copy"), Command: "/setup export"}, to.allRight())
	return m
}

// SetupExported is every setting as the commands that make it so again.
func (to Reader) SetupExported(s Setup) bot.Message {
	m := bot.Message{Title: to.say("Your settings, to copy"),
		Buttons: []bot.Button{{Label: to.say("How it is set up"), Command: "/setup show"}, {Label: to.say("Step by step"), Command: "/setup guide"}}}
	var lines strings.Builder
	for _, set := range to.Settings(s) {
		for _, line := range set.Again {
			lines.WriteString("\n- " + bot.Literal(line))
		}
	}
	if lines.Len() == 0 {
		m.Text = to.say("Nothing is set yet that is not as usual.")
		return m
	}
	m.Text = to.say("A moderator who types these lines sets a group up like this one. Channels and people go by their names there.") + "\n" + lines.String()
	return m
}

func (to Reader) allRight() bot.Button {
	return bot.Button{Label: to.say("Is everything all right?"), Command: "/setup check"}
}

// GuideSteps is how many steps the guide has, the rehearsal included.
const GuideSteps = 9

// Guide is one step (from 1) through what can be set. It ends with a rehearsal.
func (to Reader) Guide(s Setup, step int) bot.Message {
	step = min(step, GuideSteps)
	m := bot.Message{Title: to.say("a rehearsal"),
		Text:    to.say("I can post a request that is not real, so that everybody sees what one looks like, and you see whether I may write where I should. It says that it is a rehearsal, and it closes after an hour."),
		Buttons: []bot.Button{{Label: to.say("Post a rehearsal"), Command: "/setup rehearsal", Style: bot.Primary}}}
	settings := to.Settings(s)
	if i := slices.IndexFunc(settings, func(set Setting) bool { return set.Step == step }); i >= 0 {
		m = settings[i].Guide
	}
	m.Title = to.say("%d of %d: %s", step, GuideSteps, m.Title)
	if step < GuideSteps {
		m.Buttons = append(m.Buttons, bot.Button{Label: to.say("Next"), Command: fmt.Sprintf("/setup guide %d", step+1)})
	} else {
		m.Buttons = append(m.Buttons, to.allRight())
	}
	return m
}

// ZoneSet says what zone a group has now, and how many reminders followed it.
func (to Reader) ZoneSet(zone *time.Location, moved int) bot.Message {
	m := bot.Message{Title: to.say("The group's time zone is set"), Tone: bot.Good,
		Text: to.say("It is %s. Right now that is %s.", bot.Literal(zone.String()), bot.Literal(when.Full(to.Now, zone)))}
	switch {
	case moved == 1:
		m.Text += " " + to.say("The reminder keeps its hour and follows it.")
	case moved > 1:
		m.Text += " " + to.say("The %d reminders keep their hours and follow it.", moved)
	}
	return m
}

func roomLink(room village.Room) string {
	return bot.RoomLink(bot.Room{ID: room.ID, Name: room.Name})
}

// ChannelSet says where requests are posted now, and what stands in the way of it.
func (to Reader) ChannelSet(room village.Room, found bot.Finding) bot.Message {
	m := bot.Message{Title: to.say("The village channel is set"), Tone: bot.Good,
		Text: to.say("Requests for help are posted in %s from now on. Please make sure that I may write there.", roomLink(room))}
	if found.OK && found.Room != "" {
		m.Text = to.say("Requests for help are posted in %s from now on. I looked, and I may write there.", roomLink(room))
	}
	return to.hindered(m, found)
}

// ModerationSet says where moderators are told now, what stands in the way of it, and
// whether everybody reads along.
func (to Reader) ModerationSet(room village.Room, found bot.Finding) bot.Message {
	m := bot.Message{Title: to.say("The moderators' channel is set"), Tone: bot.Good,
		Text: to.say("When a request has nobody and its day is near, I'll say so in %s. Please make sure that I may write there, and that only moderators can read it.", roomLink(room))}
	switch {
	case found.Public:
		seen := to.Overheard(room)
		m.Text = to.say("When a request has nobody and its day is near, I'll say so in %s.", roomLink(room)) + "\n\n**" + bot.Literal(seen.Say) + "** " + bot.Literal(seen.Do)
		m.Tone = bot.Urgent
	case found.OK && found.Room != "":
		m.Text = to.say("When a request has nobody and its day is near, I'll say so in %s. I looked: I may write there, and it is not open to everybody. Please make sure that only moderators are in it.", roomLink(room))
	}
	return to.hindered(m, found)
}

// hindered says what stands in the way of posting in a channel.
func (to Reader) hindered(m bot.Message, found bot.Finding) bot.Message {
	if found.OK || found.Say == "" {
		return m
	}
	m.Tone = bot.Urgent
	m.Fields = append(m.Fields, bot.Field{Name: to.say("I can't write there yet"), Value: bot.Literal(found.Say) + " " + bot.Literal(found.Do)})
	m.Buttons = append(m.Buttons, to.allRight())
	return m
}

// Overheard is a moderators' channel that everybody can read.
func (to Reader) Overheard(room village.Room) bot.Finding {
	return bot.Finding{Say: to.say("Everybody in #%s will read what people tell moderators.", room.Name), Do: to.say("Make it private, or choose another one with /setup moderators.")}
}

// CountrySet says whose lines are shown first now.
func (to Reader) CountrySet(name string) bot.Message {
	return bot.Message{Title: to.say("The country is set"), Tone: bot.Good,
		Text:    to.say("People here see the lines for %s first.", bot.Literal(name)),
		Buttons: []bot.Button{{Label: to.say("See them"), Command: "/crisis"}}}
}

// QuietSet says what a group's quiet hours are now, in its zone.
func (to Reader) QuietSet(quiet village.Quiet, zone *time.Location) bot.Message {
	m := bot.Message{Title: to.say("The quiet hours are set"), Tone: bot.Good, Text: to.say("There are none now. I may write at any hour.")}
	if quiet.From != quiet.To {
		m.Text = to.say("From now on I'll hold back everything that can wait: %s (%s). News about a change, and what cannot wait, still comes at once.",
			bot.Literal(quiet.String()), bot.Literal(zone.String()))
	}
	return m
}

// WeekAheadSet says when the week ahead is posted next; the zero time: not at all.
func (to Reader) WeekAheadSet(next time.Time, zone *time.Location) bot.Message {
	m := bot.Message{Title: to.say("The weekly look ahead"), Tone: bot.Good, Text: to.say("There is no weekly look ahead now.")}
	if !next.IsZero() {
		m.Text = to.say("Once a week I'll post what is asked for in the seven days ahead, the next time on %s. A week without requests is passed over.", Moment(next, zone))
	}
	return m
}

// KeepSet says how long things are kept now.
func (to Reader) KeepSet(g village.Group) bot.Message {
	s := Setup{Group: g}
	return bot.Message{Title: to.say("How long things are kept"), Tone: bot.Good,
		Text: to.say("For requests asked from now on: the private details are wiped %s after the day, and everything about the request %d days after it.",
			to.wipedAfter(s.need().DetailsKept()), s.daysKept())}
}

// NowTrusted says that somebody moderates because the group has chosen them.
func (to Reader) NowTrusted(p village.Person) bot.Message {
	return bot.Message{Title: to.say("%s moderates with you now", to.nameOrThey(p)), Tone: bot.Good,
		Text:    to.say("**%s** can set up this group, see what is uncovered, and fill or cancel any request: here, and in a direct message with me.", to.nameOrThey(p)) + to.hiddenBy(p.ID),
		Buttons: []bot.Button{{Label: to.say("Take it back"), Command: "/setup trust " + p.ID + " no"}}}
}

// NotTrusted says that somebody moderates no longer because the group has chosen them.
func (to Reader) NotTrusted(p village.Person) bot.Message {
	return bot.Message{Title: to.say("%s no longer moderates because of me", to.nameOrThey(p)),
		Text: to.say("**%s** can do what everybody can. Whoever may manage this server or workspace stays a moderator.", to.nameOrThey(p))}
}

func (to Reader) nameOrThey(p village.Person) string {
	if p.Name == "" {
		return to.say("Somebody")
	}
	return bot.Literal(p.Name)
}

// Checked says what the platforms make of a group's channels, and whether there is
// a village channel.
func (to Reader) Checked(found []bot.Finding, channel bool) bot.Message {
	m := bot.Message{Title: to.say("Is everything all right?"),
		Buttons: []bot.Button{{Label: to.say("How it is set up"), Command: "/setup show"}, {Label: to.say("Step by step"), Command: "/setup guide"}}}
	for _, f := range found {
		if !f.OK {
			m.Fields = append(m.Fields, bot.Field{Name: bot.PlainText(bot.Literal(f.Say)), Value: bot.Literal(f.Do)})
		}
	}
	switch {
	case len(m.Fields) > 0:
		m.Text, m.Tone = to.say("This needs a look:"), bot.Urgent
	case len(found) == 0:
		m.Text = to.say("There is nothing to examine here.")
	case len(found) == 1:
		m.Text, m.Tone = to.say("Yes. I looked at one thing, and all is well."), bot.Good
	default:
		m.Text, m.Tone = to.say("Yes. I looked at %d things, and all is well.", len(found)), bot.Good
	}
	if !channel {
		m.Text += "\n\n" + to.say("No village channel is chosen yet: /setup channel")
	}
	return m
}

// ZoneUnclear is a zone that was not understood, with a line for each that may be
// meant; lines that are empty are no buttons.
func (to Reader) ZoneUnclear(unclear *when.Error, line func(zone string) string) error {
	mistake := to.notUnderstood(unclear)
	for _, c := range unclear.Choices {
		mistake.Hint = to.say("Please choose, or name a large city nearby.")
		if l := line(c.Words); l != "" {
			mistake.Buttons = append(mistake.Buttons, bot.Button{Label: c.Words, Command: l})
		}
	}
	return mistake
}

// WhichChannel asks somebody in a direct message for a channel; example is a whole
// command.
func (to Reader) WhichChannel(example string) error {
	return &bot.Error{Code: bot.CodeNoChannel, Say: to.say("This is a direct message, so please say which channel."), Hint: to.say("For example: %s", example)}
}

// NotOurChannel is a channel that is not the group's.
func (to Reader) NotOurChannel() error {
	return &bot.Error{Code: "not-our-channel", Say: to.say("I can’t find that channel in your group."),
		Hint: to.say("Please type this in a channel of your group, and make sure that I may see the one you mean.")}
}

// WhichGroup is somebody of whom no group is known.
func (to Reader) WhichGroup() error {
	return &bot.Error{Code: bot.CodeNoGroup, Say: to.say("I don't know yet which group you belong to."),
		Hint: to.say("Please use any of my commands once in your group's channel; only you will see the answer. After that I know you here too.")}
}

// NeedsZone is what cannot be done before the reader, or their group, has a zone.
func (to Reader) NeedsZone() error {
	return &bot.Error{Code: bot.CodeNoZone, Say: to.say("I don't know your time zone yet, and a guess could send your ride at the wrong hour."),
		Hint: to.say("Please tell me once, for example: /my zone Denver. A moderator can set it for everybody: /setup zone Denver.")}
}

// NeedsGroupZone is what cannot be done before the group has a zone.
func (to Reader) NeedsGroupZone() error {
	return &bot.Error{Code: bot.CodeNoZone, Say: to.say("I don't know this group's time zone yet, so I can't tell when that is."),
		Hint: to.say("Please set it once: /setup zone Denver.")}
}

// WeekAheadUnclear is a time for the week ahead that was not understood.
func (to Reader) WeekAheadUnclear() *bot.Error {
	return &bot.Error{Code: "digest-wrong", Say: to.say("I need a day of the week and an hour."), Hint: to.say("For example: /setup digest sun 6pm, or /setup digest off")}
}

// QuietUnclear are quiet hours that were not understood.
func (to Reader) QuietUnclear() *bot.Error {
	return &bot.Error{Code: "quiet-wrong", Say: to.say("I could not read that as quiet hours."), Hint: to.say("For example: 21:00-8:00, or off.")}
}

// NotKnownHere is somebody who has never used the bot in this group.
func (to Reader) NotKnownHere() error {
	return &bot.Error{Code: "not-known", Say: to.say("That person has never used me, so I don't know who it is."),
		Hint:    to.say("It helps to type /need open here once. Then please choose again."),
		Buttons: []bot.Button{{Label: to.say("What is open"), Command: "/need open"}}}
}

// RoomNames are the channels where a group's requests are posted.
func RoomNames(g village.Group) string { return RoomLinks(g.Rooms) }

// RoomLinks are channels in a sentence.
func RoomLinks(rooms []village.Room) string {
	var names []string
	for _, room := range rooms {
		names = append(names, roomLink(room))
	}
	return strings.Join(names, " and ")
}
