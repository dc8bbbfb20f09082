package handlers

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"village/bot"
	"village/content"
	"village/handlers/records"
	"village/handlers/words"
	"village/internal/village"
	"village/scheduler"
)

// aboutPeople are all kinds of document about people, and what becomes of each when
// somebody is forgotten; see telling for what is said of them.
func aboutPeople() []records.Kept {
	return append(records.AboutPeople(), records.Kept{Kind: scheduler.KindDead, Index: deadIndex})
}

// document is one about a person, and whoever reads of it.
type document struct {
	records.Document
	to words.Reader
}

// telling is what is said of a kind of document: a line of /privacy show, and
// everything it tells, for a part of an export.
type telling struct {
	line func(d document) (string, error)
	all  func(d document) (words.Part, []string, error)
}

// telling is what there is to say of each kind of aboutPeople.
func (a *App) telling(ctx context.Context) map[string]telling {
	return map[string]telling{
		records.KindNeed: {
			line: line(func(d document, n village.Need) string { return d.to.NeedKept(n) }),
			all: func(d document) (words.Part, []string, error) {
				n, err := read[village.Need](d)
				if err != nil {
					return words.PartHelp, nil, err
				}
				part, lines := d.to.NeedExported(n)
				return part, lines, nil
			}},
		records.KindDetails: {
			line: func(d document) (string, error) {
				id, plan := detailsOf(d)
				return d.to.DetailsKept(id, plan, d.Expires), nil
			},
			all: func(d document) (words.Part, []string, error) {
				id, plan := detailsOf(d)
				return words.PartPrivate, []string{d.to.DetailsExported(id, plan, a.privateWords(d, id), d.Expires)}, nil
			}},
		records.KindHelper: {
			line: line(func(d document, h village.Helper) string { return d.to.HelperKept(h) }),
			all:  all(words.PartManner, func(d document, h village.Helper) []string { return d.to.HelperExported(h) })},
		records.KindTrust: {
			line: line(func(d document, _ village.Trust) string { return d.to.TrustKept() }),
			all: all(words.PartYou, func(d document, _ village.Trust) []string {
				if _, given := records.GaveTrust(d.Doc, d.Group, d.to.ID); !given {
					return nil
				}
				return []string{d.to.TrustKept()}
			})},
		records.KindModerator: {
			line: line(func(d document, _ records.Moderator) string { return d.to.ModeratorKept() }),
			all:  all(words.PartYou, func(d document, _ records.Moderator) []string { return []string{d.to.ModeratorKept()} })},
		records.KindCourse: {
			line: line(func(d document, c village.Course) string { return d.to.PlanKept(c, d.Expires) }),
			all: all(words.PartPlans, func(d document, c village.Course) []string {
				return d.to.PlanExported(c, drawnFor(a.Content, c), d.Expires)
			})},
		records.KindDiary: {
			line: line(func(d document, diary village.Diary) string { return d.to.DiaryKept(diary, d.Expires) }),
			all:  all(words.PartDays, func(d document, diary village.Diary) []string { return d.to.DiaryExported(diary, d.Expires) })},
		records.KindScores: {
			line: line(func(d document, s village.Scores) string { return d.to.ScoresKept(s, d.Expires) }),
			all:  all(words.PartDays, func(d document, s village.Scores) []string { return d.to.ScoresExported(s, d.Expires) })},
		records.KindEntry: {
			line: line(func(d document, e village.Entry) string { return d.to.EntryKeptLine(e, d.Expires) }),
			all:  all(words.PartJournal, func(d document, e village.Entry) []string { return d.to.EntryExported(e, d.Expires) })},
		records.KindWaiting: {
			line: line(func(d document, _ village.Waiting) string { return d.to.WaitingKept() }),
			all:  all(words.PartJournal, func(d document, _ village.Waiting) []string { return []string{d.to.WaitingKept()} })},
		records.KindOwnReminder: {
			line: line(func(d document, r village.OwnReminder) string { return d.to.ReminderKept(r, d.Expires) }),
			all: all(words.PartReminders, func(d document, r village.OwnReminder) []string {
				repeats := ""
				if r.Schedule != "" {
					repeats = scheduler.Describe(r.Schedule)
				}
				return []string{d.to.ReminderExported(r, repeats, d.Expires)}
			})},
		records.KindWorry: {
			line: line(func(d document, w records.Worry) string { return d.to.WorryKept(w.Words, d.Expires) }),
			all: all(words.PartHelp, func(d document, w records.Worry) []string {
				return []string{d.to.WorryExported(w.Words, w.At, d.Expires)}
			})},
		records.KindHeld: {
			line: func(d document) (string, error) { return d.to.HeldKept(d.Expires), nil },
			all: all(words.PartHelp, func(d document, h records.Held) []string {
				lines := []string{d.to.HeldKept(d.Expires)}
				for _, option := range slices.Sorted(maps.Keys(h.Args)) {
					lines = append(lines, option+": "+bot.Literal(h.Args[option]))
				}
				return []string{strings.Join(lines, "; ")}
			})},
		records.KindAct: {
			line: line(func(d document, act village.Act) string {
				if act.HiddenFrom(d.to.ID) {
					return ""
				}
				return d.to.ActKept(act)
			}),
			all: all(words.PartYou, func(d document, act village.Act) []string {
				if act.HiddenFrom(d.to.ID) {
					return nil
				}
				return []string{d.to.ActKept(act)}
			})},
		records.KindCalendar: {
			line: line(func(d document, _ records.Calendar) string { return d.to.CalendarKept() }),
			all:  all(words.PartManner, func(d document, _ records.Calendar) []string { return []string{d.to.CalendarKept()} })},
		records.KindFamily: {
			line: line(func(d document, f village.Family) string { return d.to.FamilyKept(f) }),
			all:  all(words.PartManner, func(d document, f village.Family) []string { return []string{d.to.FamilyKept(f)} })},
		records.KindNews: {
			line: line(func(d document, n records.News) string { return d.to.NewsKept(len(n.Told), d.Expires) }),
			all:  all(words.PartMissed, func(d document, n records.News) []string { return a.newsExported(d, n) })},
		records.KindPreferences: {
			line: line(func(d document, _ village.Preferences) string { return d.to.PreferencesKept() }),
			all:  all(words.PartManner, func(d document, c village.Preferences) []string { return d.to.PreferencesExported(c) })},
		scheduler.KindDead: {
			line: func(d document) (string, error) { return d.to.MissedKept(), nil },
			all: func(d document) (words.Part, []string, error) {
				return words.PartMissed, []string{a.missedExported(ctx, d)}, nil
			}},
	}
}

// unknown is said of what nobody has words for.
func unknown() telling {
	return telling{
		line: func(d document) (string, error) { return d.to.UnknownKept(), nil },
		all: func(d document) (words.Part, []string, error) {
			return words.PartYou, []string{d.to.UnknownKept()}, nil
		}}
}

func read[T any](d document) (T, error) {
	var v T
	err := json.Unmarshal(d.Body, &v)
	if err != nil {
		err = fmt.Errorf("reading a document of kind %q: %w", d.Kind, err)
	}
	return v, err
}

func line[T any](say func(document, T) string) func(document) (string, error) {
	return func(d document) (string, error) {
		v, err := read[T](d)
		if err != nil {
			return "", err
		}
		return say(d, v), nil
	}
}

func all[T any](part words.Part, say func(document, T) []string) func(document) (words.Part, []string, error) {
	return func(d document) (words.Part, []string, error) {
		v, err := read[T](d)
		if err != nil {
			return part, nil, err
		}
		return part, say(d, v), nil
	}
}

// known is what is kept about whoever asks, who may be in no group.
func (a *App) known(ctx context.Context, r bot.Request) (village.Member, error) {
	if _, err := a.ownGroup(ctx, r); err != nil && !village.IsCode(err, bot.CodeNoGroup) {
		return village.Member{}, err
	}
	return a.Member(ctx, r.From.ID)
}

// eachAbout calls f with every document about the person who asks, in all their
// groups, and with what there is to say of its kind.
func (a *App) eachAbout(ctx context.Context, r bot.Request, m village.Member, f func(d document, say telling) error) error {
	docs, err := a.About(ctx, aboutPeople(), r.From.ID, append([]string{""}, m.Groups...)...)
	if err != nil {
		return err
	}
	kinds, to := a.telling(ctx), a.to(r, nil)
	docs, err = a.withoutOthers(ctx, r, docs)
	if err != nil {
		return err
	}
	for _, d := range docs {
		say, ok := kinds[d.Kind]
		if !ok {
			say = unknown()
		}
		if err := f(document{d, to}, say); err != nil {
			return err
		}
	}
	return nil
}

// withoutOthers leaves out what others asked for in a village that the person is no
// longer in: that they help with it is about to end.
func (a *App) withoutOthers(ctx context.Context, r bot.Request, docs []records.Document) ([]records.Document, error) {
	var err error
	return slices.DeleteFunc(docs, func(d records.Document) bool {
		var n village.Need
		if err != nil || d.Kind != records.KindNeed || json.Unmarshal(d.Body, &n) != nil || n.Member.ID == r.From.ID {
			return false
		}
		var g village.Group
		if g, err = a.groupWith(ctx, d.Group); err != nil {
			return false
		}
		refusal := a.mustBeHere(ctx, r, g)
		return elsewhere(refusal) != nil && elsewhere(refusal).Code == bot.CodeNotHere
	}), err
}

// privacyShow lists everything that is kept about the person who asks.
func (a *App) privacyShow(ctx context.Context, r bot.Request) (bot.Reply, error) {
	m, err := a.known(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	to := a.to(r, nil)
	var lines []string
	if m.ID != "" {
		lines = append(lines, to.MemberKept(m))
	}
	err = a.eachAbout(ctx, r, m, func(d document, say telling) error {
		line, err := say.line(d)
		if line != "" {
			lines = append(lines, line)
		}
		return err
	})
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Say(to.Kept(lines)), nil
}

// privacyExport tells the person who asks everything that is theirs, in full words.
// Of what is about others, or was said by others about them, it tells nothing.
func (a *App) privacyExport(ctx context.Context, r bot.Request) (bot.Reply, error) {
	m, err := a.known(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	to := a.to(r, nil)
	var told [words.Parts][]string
	if m.ID != "" {
		channels, err := a.channelsOf(ctx, m)
		if err != nil {
			return bot.Reply{}, err
		}
		told[words.PartYou] = []string{to.MemberKept(m), to.GroupsKept(len(m.Groups), channels)}
	}
	var wiped time.Time
	err = a.eachAbout(ctx, r, m, func(d document, say telling) error {
		part, lines, err := say.all(d)
		told[part] = append(told[part], lines...)
		if d.Kind == records.KindDetails && d.Expires.After(wiped) {
			wiped = d.Expires
		}
		return err
	})
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Say(to.Exported(told, wiped)), nil
}

// privacyDelete removes everything about the person who asks. Rides that are
// still ahead end as if they had cancelled or stepped back, so that nobody is
// left waiting.
func (a *App) privacyDelete(ctx context.Context, r bot.Request) (bot.Reply, error) {
	if r.Arg("sure") != "yes" {
		return bot.Say(a.to(r, nil).DeleteEverything()), nil
	}
	m, err := a.known(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	if err := a.Forget(ctx, aboutPeople(), r.From.ID, m.Groups...); err != nil {
		return bot.Reply{}, err
	}
	return bot.Say(a.to(r, nil).EverythingDeleted()), nil
}

// channelsOf are the names of the channels of somebody's groups, one each.
func (a *App) channelsOf(ctx context.Context, m village.Member) ([]string, error) {
	var names []string
	for _, id := range m.Groups {
		var g village.Group
		if _, err := a.Read(ctx, records.GroupKey(id), &g); err != nil {
			return nil, err
		}
		if len(g.Rooms) > 0 {
			names = append(names, g.Rooms[0].Name)
		}
	}
	return names, nil
}

// detailsOf is whose private details these are: a request's or a plan's.
func detailsOf(d document) (id string, plan bool) {
	return strings.TrimPrefix(d.ID, records.PlanDetails), strings.HasPrefix(d.ID, records.PlanDetails)
}

// privateWords opens private details for the member whose they are.
func (a *App) privateWords(d document, id string) string {
	sealed, err := read[records.SealedDetails](d)
	if err != nil {
		return d.to.DetailsBroken()
	}
	opened, err := a.Keyring.Open(sealed.Sealed, d.Group, id, "details")
	if err != nil {
		return d.to.DetailsLocked()
	}
	return bot.Literal(opened)
}

// missedExported says that there is something somebody was not told, and what it is
// called. What it says follows every answer, also this one, as it is true by then.
func (a *App) missedExported(ctx context.Context, d document) string {
	m, some, err := a.unreached(ctx, d.Doc)
	switch {
	case err != nil: // such as what only another key opens; the rest is theirs all the same
		a.Log.ErrorContext(ctx, "an undelivered message could not be read", "error", err)
		return d.to.MissedKept()
	case !some:
		return d.to.MissedExported(nil)
	}
	return d.to.MissedExported(&m.message)
}

// drawnFor are the cards of a plan: what is in each bag, each session's card, and
// the ideas that its member has been shown beside those, each once.
func drawnFor(book *content.Library, c village.Course) words.Drawn {
	drawn := words.Drawn{Packed: map[string][]string{}, Card: map[string]string{}}
	bag, _ := book.Deck("bag")
	intention, _ := book.Deck("intention")
	integration, _ := book.Deck("integration")
	for _, s := range c.Sessions {
		for _, id := range s.Packed {
			if card, ok := bag.Card(id); ok {
				drawn.Packed[s.ID] = append(drawn.Packed[s.ID], card.Text)
			}
		}
		if card, ok := intention.Card(s.Card); ok {
			drawn.Card[s.ID] = bot.Literal(card.Title) + ". " + bot.Literal(card.Text)
		}
	}
	for _, id := range slices.Compact(slices.Sorted(maps.Values(c.Prompts))) {
		if slices.ContainsFunc(c.Sessions, func(s village.Session) bool { return s.Card == id }) {
			continue
		}
		for _, deck := range []content.Deck{integration, intention} {
			if card, ok := deck.Card(id); ok {
				drawn.Ideas = append(drawn.Ideas, card.Text)
				break
			}
		}
	}
	return drawn
}
