package handlers

import (
	"context"
	"errors"
	"slices"
	"strings"

	"village/bot"
	"village/internal/village"
)

// commands is everything that can be typed or pressed, on one screen. Discord's
// registration, Slack's manifest, the console, /help, docs/commands.md and
// the tests are all made from it.
func (a *App) commands() []bot.Command {
	need := bot.Option{Name: "need", Summary: "Which one: a name, a day or a place, or its code", Kind: bot.Ref, Required: true, Complete: a.completeNeed}
	myNeed := need // of the day, of which there is seldom more than one
	myNeed.Alone = true
	helper := bot.Option{Name: "helper", Summary: "Who it is about, such as @sam", Kind: bot.Someone, Required: true}
	reminder := bot.Option{Name: "reminder", Summary: "Which one: its words, its channel or its hour, or its code", Kind: bot.Ref, Required: true, Complete: a.completeReminder}
	oneOrAll := reminder
	oneOrAll.Summary, oneOrAll.Complete = "Which one: its words, its channel or its hour; or all", a.completeReminderOrAll
	reminderDeck := bot.Option{Name: "deck", Summary: "Draw the words from a deck instead", Kind: bot.Choice, Choices: []bot.Pick{
		{Label: "Kind lines about water", Value: "hydration"}, {Label: "Ideas for the days after", Value: "integration"}, {Label: "Steadying exercises", Value: "grounding"}}}
	reminderFrom := bot.Option{Name: "from", Summary: "Its first day, such as dec 1", Max: 40, Read: bot.Meaning}
	reminderUntil := bot.Option{Name: "until", Summary: "Its last day, such as jan 31; always takes it off", Max: 40, Read: bot.Meaning}
	reminderZone := bot.Option{Name: "zone", Summary: "Its own time zone, such as London; the group's when left out", Kind: bot.Zone, Complete: a.completeZone}
	zone := bot.Option{Name: "zone", Summary: "A city or zone, such as Denver or America/Denver", Kind: bot.Zone, Required: true, Complete: a.completeZone}
	country := bot.Option{Name: "country", Summary: "Which country's lines you want to see", Kind: bot.Choice, Choices: a.countries()}
	// sure is the second tap of what cannot be undone.
	sure := bot.Option{Name: "sure", Summary: "Say yes once you are sure", Kind: bot.Choice, Choices: []bot.Pick{{Label: "Yes, I am sure", Value: "yes"}}}
	mustCountry := country
	mustCountry.Required = true

	return []bot.Command{
		{Name: "faq", Summary: "Ask a question, in any words", Example: "/faq can I drive home after", Who: bot.Anyone, Urgent: true, Run: a.faq,
			OnOwnMessage: "Ask Village about this", Anywhere: "Ask Village",
			Options: []bot.Option{{Name: "question", Summary: "Your question, or the name of a topic", Max: 1000, Complete: a.completeTopic, Read: bot.Writer},
				{Name: "part", Summary: "All of an answer, or where it comes from", Kind: bot.Choice, Choices: []bot.Pick{{Label: "All of it", Value: partAll}, {Label: "Where it comes from", Value: partSources}}}}},
		{Name: "wrong", Summary: "Tell the moderators that an answer is wrong or unclear, not who you are", Example: "/wrong fasting", Who: bot.Anyone, Run: a.wrong,
			Options: []bot.Option{{Name: "topic", Summary: "The name of the answer, such as fasting", Required: true, Max: 60, Complete: a.completeTopic, Read: bot.Meaning}}},
		a.providerCommand(),
		{Name: "report", Summary: "Tell the moderators that something was not right, with your name or without", Example: "/report words: he had been drinking", Who: bot.Anyone, Run: a.report, Options: a.reportOptions()},
		{Name: "local", Summary: "Your group's own notes beside the answers", Subs: []bot.Command{
			{Name: "add", Summary: "Put a note beside an answer: the clinic's phone, where to park", Example: "/local add topic: rides words: Wait at the north door", Who: bot.Moderators, Run: a.localAdd, Form: "A note of your own",
				Options: []bot.Option{
					{Name: "topic", Label: "With which answer", Hint: "rides, or crisis for the crisis lines", Summary: "The name of an answer such as rides, or crisis", Required: true, Max: 60, Complete: a.completeLocalTopic, Read: bot.Meaning},
					{Name: "words", Label: "Your words", Hint: "Park behind the clinic, gate B", Summary: "What people should know", Required: true, Max: maxLocalWords, Long: true, Read: bot.Everybody},
				}},
			{Name: "list", Summary: "All notes of this group", Example: "/local list", Who: bot.Moderators, Run: a.localList},
			{Name: "remove", Summary: "Take a note away", Example: "/local remove k7m2p9", Who: bot.Moderators, Final: true, Run: a.localRemove,
				Options: []bot.Option{{Name: "note", Summary: "Which one: its words or what it is about, or its code", Kind: bot.Ref, Required: true, Complete: a.completeNote}}},
		}},
		{Name: "crisis", Summary: "People you can reach right now", Example: "/crisis", Anywhere: "Somebody to talk to", Who: bot.Anyone, Urgent: true, Anyhow: true, Run: a.crisis,
			Options: []bot.Option{country}},
		{Name: "ask", Summary: "Ask your village for help", Subs: a.askCommands()},
		{Name: "need", Summary: "Requests for help: see them, say yes, step back", Subs: []bot.Command{
			{Name: "open", Summary: "What is still open in the next seven days, or at all", Example: "/need open", Who: bot.Anyone, Run: a.needOpen,
				Options: []bot.Option{{Name: "when", Summary: "How far to look ahead; seven days when left out", Kind: bot.Choice, Choices: []bot.Pick{
					{Label: "The next seven days", Value: "week"}, {Label: "All that is open", Value: "all"}}}, pageOption()}},
			{Name: "mine", Summary: "What you asked for and what you said yes to", Example: "/need mine", Who: bot.Anyone, Run: a.needMine, Options: []bot.Option{pageOption()}},
			{Name: "show", Summary: "One request", Example: "/need show k7m2p9", Who: bot.Anyone, Run: a.needShow, Options: []bot.Option{need,
				{Name: "with", Summary: "Or all that is asked for on the same day", Kind: bot.Choice, Choices: []bot.Pick{{Label: "The same day", Value: "day"}}}}},
			{Name: "claim", Summary: "Say yes to a request", Example: "/need claim k7m2p9", Who: bot.Anyone, Run: a.needClaim,
				Options: []bot.Option{need, {Name: "both", Summary: "Yes, I can do both, when two short ones are close together", Kind: bot.YesNo},
					{Name: "days", Summary: "For all of its days, or for those of the same weekday", Kind: bot.Choice,
						Choices: []bot.Pick{{Label: "All days", Value: village.AllDays}, {Label: "The same weekday", Value: village.SameWeekday}}}}},
			{Name: "standby", Summary: "Stand by in case the first helper can't", Example: "/need standby k7m2p9", Who: bot.Anyone, Run: a.needStandby, Options: []bot.Option{need}},
			{Name: "still", Summary: "Say that it is still on", Example: "/need still k7m2p9", Who: bot.Anyone, Run: a.needStill,
				Options: []bot.Option{need, {Name: "helper", Summary: "For somebody without an account whom you look after", Kind: bot.Someone}}},
			{Name: "got", Summary: "On the day: picked up", Example: "/need got k7m2p9", Who: bot.Anyone, Run: a.needGot, Options: []bot.Option{myNeed}},
			{Name: "late", Summary: "On the day: it takes longer", Example: "/need late k7m2p9", Who: bot.Anyone, Run: a.needLate, Options: []bot.Option{myNeed}},
			{Name: "here", Summary: "On the day: my ride is here", Example: "/need here k7m2p9", Who: bot.Anyone, Run: a.needHere, Options: []bot.Option{myNeed}},
			{Name: "nobody", Summary: "On the day: nobody has come for me", Example: "/need nobody k7m2p9", Who: bot.Anyone, Final: true, Run: a.needNobody, Options: []bot.Option{myNeed}},
			{Name: "home", Summary: "On the day: home safe", Example: "/need home k7m2p9", Who: bot.Anyone, Run: a.needHome, Options: []bot.Option{myNeed}},
			{Name: "approve", Summary: "Say yes to a helper, once", Example: "/need approve k7m2p9 @sam", Who: bot.Anyone, Run: a.needApprove, Options: []bot.Option{need, helper}},
			{Name: "decline", Summary: "Say a quiet no to a helper", Example: "/need decline k7m2p9 @sam", Who: bot.Anyone, Run: a.needDecline, Options: []bot.Option{need, helper, sure}},
			{Name: "pass", Summary: "Say “not this time” when I asked you directly", Example: "/need pass k7m2p9", Who: bot.Anyone, Run: a.needPass, Options: []bot.Option{need}},
			{Name: "details", Summary: "The private details of what you said yes to", Example: "/need details k7m2p9", Who: bot.Anyone, Confidential: true, Run: a.needDetails, Options: []bot.Option{need}},
			{Name: "release", Summary: "Step back from what you said yes to", Example: "/need release k7m2p9", Who: bot.Anyone, Final: true, Run: a.needRelease, Options: []bot.Option{need}},
			{Name: "give", Summary: "Offer what you said yes to to somebody else, who takes it with one tap", Example: "/need give k7m2p9 @kim", Who: bot.Anyone, Run: a.needGive,
				Options: []bot.Option{need, giveOption()}},
			{Name: "move", Summary: "Move your request to another time", Example: "/need move k7m2p9 fri 2pm", Who: bot.Anyone, Run: a.needMove, Form: "Move a request",
				Options: []bot.Option{need,
					{Name: "when", Label: "When", Hint: "thu 1pm, or 2026-12-08 13:00", Summary: "The new day and time", Kind: bot.Time, Required: true, Max: 100, Complete: a.completeTime},
					{Name: "until", Label: "Until when", Hint: "5pm, or 3 hours", Summary: "When it ends, if that changes too", Max: 100, Read: bot.Meaning}}},
			{Name: "change", Summary: "Change the place, the words or the seats of your request", Example: "/need change k7m2p9 place: the north door", Who: bot.Anyone, Run: a.needChange, Form: "Change a request",
				Options: append([]bot.Option{need}, changeOptions("")...)},
			{Name: "post", Summary: "Post what I asked you about first, with the private part moved or as it is", Example: "/need post k7m2p9 private", Who: bot.Anyone, Run: a.needPost,
				Options: []bot.Option{{Name: "held", Summary: "The short code of what I asked you about", Kind: bot.Ref, Required: true},
					{Name: "how", Summary: "With the private part moved, as it is, or once more with the form", Kind: bot.Choice, Required: true, Choices: []bot.Pick{
						{Label: "Move it", Value: postPrivately}, {Label: "As it is", Value: postAsItIs}, {Label: "Let me change it", Value: postChanged}}}}},
			{Name: "fill", Summary: "Sign somebody up, with an account or without", Example: "/need fill k7m2p9 name: Aunt Rosa", Who: bot.Anyone, Run: a.needFill,
				Options: append([]bot.Option{need}, fillOptions()...)},
			{Name: "share", Summary: "Words to forward to somebody outside the chat", Example: "/need share k7m2p9", Who: bot.Anyone, Confidential: true, Run: a.needShare,
				Options: []bot.Option{need, {Name: "helper", Summary: "For whom, of those who are down for it without an account", Kind: bot.Someone},
					{Name: "details", Summary: "With your private details, where it is you who asked", Kind: bot.YesNo}}},
			{Name: "unfill", Summary: "Take somebody off a request", Example: "/need unfill k7m2p9 @sam", Who: bot.Anyone, Final: true, Run: a.needUnfill, Options: []bot.Option{need, helper}},
			{Name: "thanks", Summary: "Say thank you to whoever helped", Example: "/need thanks k7m2p9", Who: bot.Anyone, Run: a.needThanks, Options: []bot.Option{need}},
			{Name: "uncovered", Summary: "What is not settled in the next seven days", Example: "/need uncovered", Who: bot.Moderators, Run: a.needUncovered, Options: []bot.Option{pageOption()}},
			{Name: "cancel", Summary: "Cancel your own request", Example: "/need cancel k7m2p9", Who: bot.Anyone, Run: a.needCancel, Options: []bot.Option{need, sure}},
		}},
		{Name: "helper", Summary: "Let me ask you directly when nobody else can, or not", Subs: []bot.Command{
			{Name: "join", Summary: "You may ask me directly", Example: "/helper join", Who: bot.Anyone, Run: a.helperJoin},
			{Name: "tried", Summary: "Say yes to a rehearsal; nobody is waiting", Example: "/helper tried", Who: bot.Anyone, Run: a.helperTried},
			{Name: "settings", Summary: "What to ask me for, and how often", Example: "/helper settings rides: yes children: no month: 4", Who: bot.Anyone, Run: a.helperSettings,
				Options: []bot.Option{
					{Name: "rides", Summary: "May I ask you for rides?", Kind: bot.YesNo},
					{Name: "children", Summary: "May I ask you to look after children or drive them?", Kind: bot.YesNo},
					{Name: "other", Summary: "May I ask you for meals, errands and company?", Kind: bot.YesNo},
					{Name: "mornings", Summary: "Is the morning all right?", Kind: bot.YesNo},
					{Name: "month", Summary: "How many yeses a month are enough; 0 is no limit", Kind: bot.Number, Min: 0, Max: 31},
				}},
			{Name: "show", Summary: "What you are asked for", Example: "/helper show", Who: bot.Anyone, Run: a.helperShow},
			{Name: "may", Summary: "Who may help you without my asking you first", Example: "/helper may @sam", Who: bot.Anyone, Run: a.helperMay,
				Options: []bot.Option{{Name: "name", Summary: "Who, such as @sam; the list when left out", Kind: bot.Someone},
					{Name: "do", Summary: "No takes a yes back; never is a quiet no to all help of theirs; again takes that back", Kind: bot.Choice, Choices: []bot.Pick{
						{Label: "May always", Value: "yes"}, {Label: "Ask me about them again", Value: "no"}, {Label: "Never, and I won't say so to them", Value: "never"}, {Label: "Take a no back", Value: "again"}}}}},
			{Name: "bar", Summary: "Quietly keep somebody from future requests", Example: "/helper bar @sam", Who: bot.Moderators, Run: a.helperBar, Options: []bot.Option{helper}},
			{Name: "unbar", Summary: "Let them help again", Example: "/helper unbar @sam", Who: bot.Moderators, Run: a.helperUnbar, Options: []bot.Option{helper}},
			{Name: "leave", Summary: "Don't ask me directly any more", Example: "/helper leave", Who: bot.Anyone, Run: a.helperLeave},
		}},
		{Name: "family", Summary: "Family and friends who are not here: a link of their own", Subs: a.familyCommands()},
		{Name: "page", Summary: "What is needed, on the page of whoever has a personal link", Example: "/page", Who: bot.Anyone, Run: a.page,
			Options: []bot.Option{{Name: "language", Summary: "In another language, from now on", Kind: bot.Choice, Choices: []bot.Pick{{Label: "English", Value: "en"}, {Label: "Español", Value: "es"}}}}},
		{Name: "session", Summary: "Plan sessions: reminders and help in one go", Subs: a.sessionCommands()},
		{Name: "remind", Summary: "Your own reminders, and how you want to hear from me", Subs: a.remindCommands()},
		{Name: "checkin", Summary: "How is it today, for yourself", Subs: a.checkInCommands()},
		{Name: "journal", Summary: "Write for yourself, and read it back; nobody else does", Usual: "write", Subs: a.journalCommands()},
		{Name: "reminders", Summary: "The group's reminders in channels", Subs: slices.Concat([]bot.Command{
			{Name: "add", Summary: "Set a reminder in a channel", Example: "/reminders add schedule: every day at 9am channel: #village", Who: bot.Moderators, Run: a.reminderAdd, Form: "Set a reminder",
				Options: []bot.Option{
					{Name: "schedule", Label: "When", Hint: "every day at 9am", Summary: "Words such as every day at 9am, or a cron line", Required: true, Max: 200, Read: bot.Meaning, Dates: true},
					{Name: "channel", Label: "Channel", Summary: "Where to post it; this channel when left out", Kind: bot.Place},
					{Name: "words", Label: "Words", Hint: "Leave empty for a kind line about water", Summary: "Your own words; a kind line about water when left out", Max: 500, Long: true, Read: bot.Everybody},
					reminderDeck, reminderFrom, reminderUntil, reminderZone,
				}},
			{Name: "edit", Summary: "Other times, words, channel or dates", Example: "/reminders edit k7m2p9 schedule: every day at 10am", Who: bot.Moderators, Run: a.reminderEdit,
				Options: []bot.Option{reminder,
					{Name: "schedule", Summary: "Words such as every day at 10am, or a cron line", Max: 200, Read: bot.Meaning},
					{Name: "channel", Summary: "Where to post it", Kind: bot.Place},
					{Name: "words", Summary: "Your own words", Max: 500, Long: true, Read: bot.Everybody},
					reminderDeck, reminderFrom, reminderUntil, reminderZone}},
			{Name: "test", Summary: "See what it will look like; nobody else sees it", Example: "/reminders test k7m2p9", Who: bot.Moderators, Run: a.reminderTest, Options: []bot.Option{reminder}},
			{Name: "copy", Summary: "The same reminder in another channel", Example: "/reminders copy k7m2p9 #garden", Who: bot.Moderators, Run: a.reminderCopy,
				Options: []bot.Option{reminder, {Name: "channel", Summary: "The other channel", Kind: bot.Place, Required: true}}},
		}, a.numberCommands("reminders"), []bot.Command{
			{Name: "list", Summary: "All reminders of this group", Example: "/reminders list", Who: bot.Moderators, Run: a.reminderList, Options: []bot.Option{pageOption()}},
			{Name: "preview", Summary: "The next five times of a reminder", Example: "/reminders preview k7m2p9", Who: bot.Moderators, Run: a.reminderPreview, Options: []bot.Option{reminder}},
			{Name: "pause", Summary: "Stop a reminder, or all of them, for now or until a day", Example: "/reminders pause all until: jan 3", Who: bot.Moderators, Run: a.reminderPause, Options: []bot.Option{oneOrAll, a.pauseOption(false)}},
			{Name: "resume", Summary: "Let a paused reminder go on, or all of them", Example: "/reminders resume k7m2p9", Who: bot.Moderators, Run: a.reminderResume, Options: []bot.Option{oneOrAll}},
			{Name: "remove", Summary: "Remove a reminder for good", Example: "/reminders remove k7m2p9", Who: bot.Moderators, Final: true, Run: a.reminderRemove, Options: []bot.Option{reminder}},
		})},
		{Name: "setup", Summary: "How this group is set up", Bare: "show", Subs: a.setupCommands(zone, mustCountry)},
		{Name: "my", Was: []string{"me"}, Summary: "What I should know about you", Subs: []bot.Command{
			{Name: "zone", Summary: "Your own time zone", Example: "/my zone Denver", Who: bot.Anyone, Form: "Your time zone", Run: a.meZone, Options: []bot.Option{zone}},
			{Name: "calendar", Summary: "An address for your calendar app, with what you asked for and promised", Example: "/my calendar", Who: bot.Anyone, Confidential: true, Run: a.myCalendar,
				Options: []bot.Option{{Name: "do", Summary: "Make a new address, or end it", Kind: bot.Choice, Choices: []bot.Pick{{Label: "A new address", Value: "new"}, {Label: "End it", Value: "off"}}}}},
			{Name: "mail", Summary: "For those with a personal link: mail about what they said yes to", Example: "/my mail", Who: bot.Anyone, Confidential: true, Run: a.myMail, Options: mailOptions()},
			{Name: "country", Summary: "Your country, for crisis lines", Example: "/my country IE", Who: bot.Anyone, Run: a.meCountry, Options: []bot.Option{mustCountry}},
		}},
		{Name: "privacy", Summary: "What is kept about you, and how to delete it", Subs: []bot.Command{
			{Name: "show", Summary: "Everything I keep about you", Example: "/privacy show", Who: bot.Anyone, Run: a.privacyShow},
			{Name: "export", Summary: "All of it in full words, to copy and keep", Example: "/privacy export", Who: bot.Anyone, Run: a.privacyExport},
			{Name: "delete", Summary: "Delete everything about you", Example: "/privacy delete", Who: bot.Anyone, Final: true, Run: a.privacyDelete, Options: []bot.Option{sure}},
		}},
		{Name: "home", Summary: "Everything of yours at a glance", Example: HomeLine, Who: bot.Anyone, Run: a.home,
			Options: []bot.Option{{Name: "show", Summary: "All of it, also on the day of a session", Kind: bot.Choice, Choices: []bot.Pick{{Label: "All of it", Value: everything}}}}},
		{Name: "help", Summary: "What I can do", Example: "/help ask", Who: bot.Anyone, Run: a.help,
			Options: []bot.Option{{Name: "command", Summary: "A command to explain", Max: 40, Read: bot.Meaning}}},
	}
}

// listed are the commands that platforms list for people to choose from. All others
// make sense at a message, where they stand behind a button, or for somebody who knows
// what they want, and are understood wherever they are typed.
func listed() []string {
	return []string{
		"faq", "crisis", "home", "help", "report", "ask", "need open", "need mine", "helper show", "family add", "family list", "session add", "session list",
		"remind add", "remind list", "checkin today", "checkin score", "journal write", "journal read", "session summary", "my zone", "my calendar", "my country", "privacy show", "privacy export", "privacy delete",
		"reminders add", "reminders list", "local add", "setup guide", "setup show", "setup zone", "setup channel", "setup moderators", // for moderators
	}
}

// unlisted marks what is not listed.
func unlisted(table []bot.Command, above string) []bot.Command {
	for i := range table {
		cmd := &table[i]
		path := strings.TrimSpace(above + " " + cmd.Name)
		if !slices.Contains(listed(), path) {
			cmd.Subs = unlisted(cmd.Subs, path)
			cmd.Typed = len(cmd.Subs) == 0
		}
	}
	return table
}

func (a *App) translated() ([]bot.Command, error) {
	table := unlisted(a.refusing(a.screened(a.commands(), "")), "")
	var problems []error
	for locale, called := range a.Commands {
		var err error
		table, err = bot.Translate(table, locale, called)
		problems = append(problems, err)
	}
	return table, errors.Join(problems...)
}

// refusing has every command of a table say its refusals to whoever asked, in their
// language and with the next step to tap, for a screen reader as for a thumb.
func (a *App) refusing(table []bot.Command) []bot.Command {
	for i := range table {
		table[i].Subs = a.refusing(table[i].Subs)
		if run := table[i].Run; run != nil {
			table[i].Run = func(ctx context.Context, r bot.Request) (bot.Reply, error) {
				a.shown.take(r.From.ID, a.Now()) // they have gone on to something else
				var reply bot.Reply
				r, err := a.ofPage(ctx, r)
				if err == nil {
					reply, err = run(ctx, r)
				}
				if err != nil {
					err = a.to(r, nil).Refusal(err)
				}
				if village.IsFamily(r.From.ID) {
					reply, err = a.forPage(r, reply, err)
				}
				return reply, err
			}
		}
	}
	return table
}
