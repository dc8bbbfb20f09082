package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"village/bot"
	"village/bot/console"
	"village/bot/mail"
	"village/bot/web"
	"village/content"
	"village/handlers/records"
	"village/handlers/words"
	"village/internal/store/bolt"
	"village/internal/store/storetest"
	"village/internal/village"
)

// A sweep plays a story with its helpers outside the chat: whoever says yes in it has a
// link of whoever asks first, and does on their page what they do in the story. What they
// could read is handed to look, word by word.
type sweep struct {
	t    *testing.T
	r    *rehearsal
	look func(where, text string)
	// people are the helpers by name, by whom they were asked.
	people map[string]village.Family
	told   map[string]bool // what was looked at already
	// forwarded are the words to forward that were looked at, by what gives them.
	forwarded map[string]bool
}

// helpersIn are those who say yes in a talk, beside whoever asks first.
func helpersIn(lines []string) (helpers []string, asker string) {
	for _, line := range lines {
		m := spoken.FindStringSubmatch(line)
		switch {
		case m == nil:
		case asker == "" && (strings.HasPrefix(m[3], "/ask ") || strings.HasPrefix(m[3], "/session add")):
			asker = m[1]
		case strings.HasPrefix(m[3], "/need claim") || strings.HasPrefix(m[3], "/need standby"):
			helpers = append(helpers, m[1])
		}
	}
	slices.Sort(helpers)
	helpers = slices.DeleteFunc(slices.Compact(helpers), func(who string) bool { return who == asker || who == "mod" })
	if len(helpers) == 0 {
		helpers = []string{"rosa"}
	}
	return helpers, asker
}

func sweepTalk(t *testing.T, library *content.Library, talk talk, languages words.Languages, look func(where, text string)) {
	t.Helper()
	helpers, asker := helpersIn(talk.lines)
	if asker == "" {
		return
	}
	clock := &clock{now: talk.start}
	db, err := bolt.OpenThrowaway(clock.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	pages, err := web.NewPages(web.PagesConfig{URL: "https://village.example"})
	if err != nil {
		t.Fatal(err)
	}
	var parts *assembly
	letters := &sweptMail{t: t, look: look, looked: map[string]bool{}}
	c := console.New(console.Config{Out: io.Discard, Now: clock.Now, Moderators: []string{"mod"}})
	if parts, err = assemble(db, library, rehearsalKeys(), clock.Now, seeded(), []bot.Platform{c, pages, letters}, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	if err := parts.app.Start(t.Context(), console.Workspace, console.Name+"/village", "village", time.UTC); err != nil {
		t.Fatal(err)
	}
	parts.app.PageLanguages = languages
	s := &sweep{t: t, r: &rehearsal{clock: clock, store: db, console: c, parts: parts, workspace: console.Workspace}, look: look, people: map[string]village.Family{}, told: map[string]bool{}, forwarded: map[string]bool{}}
	for i, name := range helpers {
		by := village.Person{ID: console.Name + "/" + asker, Name: asker}
		f, err := village.NewFamily(fmt.Sprintf("page%d", i), name, by, time.Time{}, clock.Now())
		if err != nil {
			t.Fatal(err)
		}
		f.For, f.Locale = "rides to my KAP clinic after ketamine-assisted therapy sessions", "es"
		if err := parts.app.Linked(t.Context(), console.Workspace, f, f.ID); err != nil {
			t.Fatal(err)
		}
		takesMail(t, parts, f)
		s.people[name] = f
	}
	for i, line := range talk.lines {
		s.play(i, line)
	}
	s.atTheEnd()
}

// takesMail has somebody want mail, without a code: codes are those of the story.
func takesMail(t *testing.T, parts *assembly, f village.Family) {
	t.Helper()
	if err := parts.app.ChangeFamily(t.Context(), console.Workspace, f.ID, func(_ *records.Tx, f village.Family) (village.Family, error) {
		f, err := f.AsksMail("rosa@localhost", parts.app.Now())
		return f.TakesMail(), err
	}); err != nil {
		t.Fatal(err)
	}
}

// sweptMail hands to look what mails say, and what each of their links asks first.
type sweptMail struct {
	t    *testing.T
	look func(where, text string)
	box  bot.Postbox
	// looked are the links, by their labels, that were looked at.
	looked map[string]bool
}

func (*sweptMail) Name() string                                        { return mail.Name }
func (m *sweptMail) Receive(box bot.Postbox)                           { m.box = box }
func (*sweptMail) Run(context.Context, *bot.Bot) error                 { return nil }
func (*sweptMail) Edit(context.Context, bot.Posted, bot.Message) error { return bot.ErrGone }

func (m *sweptMail) Send(ctx context.Context, o bot.Outgoing) (bot.Posted, error) {
	e, err := m.box.Envelope(ctx, o)
	if err != nil {
		return bot.Posted{}, err
	}
	if e.Language == "en" {
		m.t.Error("a mail says that it is in English:", e.Message.Title)
	}
	m.look("a mail", textOf(e.Message)+"\n"+e.Note+"\n"+e.StopLabel)
	for _, link := range append(e.Message.Buttons, bot.Button{URL: e.Stop}) {
		_, code, ok := strings.Cut(link.URL, "/m/")
		if !ok || m.looked[link.Label] {
			continue
		}
		m.looked[link.Label] = true
		_, _, asks, err := m.box.(bot.Door).Tapped(ctx, code, "en")
		if err != nil {
			return bot.Posted{}, err
		}
		m.look("a link in a mail", textOf(asks.Message)+"\n"+asks.Enter)
	}
	return bot.Posted{Platform: mail.Name, Room: o.To.Person, Message: o.Nonce}, nil
}

// play has one line said, by whom it is in the story or on their page.
func (s *sweep) play(i int, line string) {
	for name, f := range s.people {
		if !aboutHelpers.MatchString(line) {
			break
		}
		line = regexp.MustCompile(`@`+name+`\b`).ReplaceAllString(line, f.ID)
	}
	m := spoken.FindStringSubmatch(line)
	if m == nil || s.people[m[1]].ID == "" || !onAPage.MatchString(m[3]) {
		if err := s.r.play(s.t.Context(), strings.NewReader(line)); err != nil {
			s.t.Fatal(err)
		}
	} else {
		s.do(s.people[m[1]], m[3])
		if err := s.r.deliver(s.t.Context()); err != nil {
			s.t.Fatal(err)
		}
	}
	asks := m != nil && strings.HasPrefix(m[3], "/ask")
	if !asks && i%3 > 0 {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(s.people)) {
		for _, button := range s.do(s.people[name], "/page") {
			s.forward(s.people[name], button)
			if looks := strings.HasPrefix(button, "/need show") || strings.HasPrefix(button, "/need details"); looks && !s.told[name+button] {
				s.told[name+button] = true
				s.do(s.people[name], button)
			}
		}
	}
}

// toForward are a member's own words, in English and with the member's own note.
const toForward = "words to forward"

// forward has whoever asked pass a request on that a button of a page is about, with the
// file for a calendar.
func (s *sweep) forward(f village.Family, button string) {
	parts := strings.Fields(button)
	if len(parts) < 3 || parts[0] != "/need" {
		return
	}
	line := "/need share " + parts[2]
	if parts[1] == "still" || parts[1] == "release" || parts[1] == "got" { // they are down for it
		line += " " + f.ID
	}
	if s.forwarded[line] {
		return
	}
	s.forwarded[line] = true
	r := bot.Request{Platform: console.Name, Workspace: console.Workspace, Room: bot.Room{ID: console.Workspace, Name: "village"}, From: bot.Person{ID: f.By.ID, Name: f.By.Name}, Line: line}
	for _, m := range s.r.parts.bot.Do(s.t.Context(), r).Messages {
		s.look(toForward, textOf(m))
	}
}

// do has somebody do something on their page, and gives what they could do then.
func (s *sweep) do(f village.Family, line string) (buttons []string) {
	reply := s.r.parts.bot.Do(s.t.Context(), bot.Request{Platform: web.PagesName, Room: bot.Room{ID: f.ID, Direct: true}, From: bot.Person{ID: f.ID, Name: f.Name}, Line: line})
	for _, m := range reply.Messages {
		s.look(line, textOf(m))
		for _, b := range m.Buttons {
			buttons = append(buttons, b.Command)
		}
	}
	if form := reply.Form; form != nil {
		s.look(line, textOfForm(form))
	}
	return buttons
}

// atTheEnd looks at what else there is: settings, what is kept, the calendar, words to
// forward.
func (s *sweep) atTheEnd() {
	for _, name := range slices.Sorted(maps.Keys(s.people)) {
		f := s.people[name]
		for _, line := range []string{"/my mail address: rosa@localhost", "/my mail", "/my mail do: off", "/helper show", "/helper join", "/my zone", "/my calendar", "/privacy show"} {
			s.do(f, line)
			if err := s.r.deliver(s.t.Context()); err != nil {
				s.t.Fatal(err)
			}
		}
		secret := strings.Repeat("c", 20) + village.FamilyCode(f.ID)
		if err := s.r.parts.app.PutCalendar(s.t.Context(), f.ID, secret); err != nil {
			s.t.Fatal(err)
		}
		data, err := s.r.parts.app.Agenda(s.t.Context(), secret+".ics")
		if err != nil {
			s.t.Fatal(err)
		}
		s.look("the calendar", entriesOf(data))
	}
}

// aboutHelpers are lines that name a helper of a request.
var aboutHelpers = regexp.MustCompile(`: /need (approve|decline|fill|unfill) `)

// onAPage is what can be done there.
var onAPage = regexp.MustCompile(`^/(need (show|claim|standby|still|got|late|home|pass|details|release)|helper (join|settings|show|leave)|my |report|privacy |page)`)

// textOf is what somebody reads of a message.
func textOf(m bot.Message) string {
	m = m.Flat()
	parts := []string{m.Title, bot.PlainText(m.Text), bot.PlainText(m.Footer)}
	for _, f := range m.Fields {
		parts = append(parts, f.Name, bot.PlainText(f.Value))
	}
	for _, b := range m.Buttons {
		parts = append(parts, b.Label)
	}
	if m.File != nil {
		parts = append(parts, entriesOf(m.File.Data))
	}
	return strings.Join(parts, "\n")
}

// entriesOf are the words of a calendar.
func entriesOf(data []byte) string {
	var out []string
	for _, line := range strings.Split(strings.ReplaceAll(string(data), "\r\n ", ""), "\r\n") {
		if name, value, _ := strings.Cut(line, ":"); slices.Contains([]string{"SUMMARY", "LOCATION", "DESCRIPTION", "X-WR-CALNAME", "NAME"}, name) {
			out = append(out, strings.ReplaceAll(value, `\n`, "\n"))
		}
	}
	return strings.Join(out, "\n")
}

func textOfForm(form *bot.Form) string {
	parts := []string{form.Title, form.Intro}
	for _, f := range form.Fields {
		parts = append(parts, f.Label, f.Hint, f.Summary)
		for _, c := range f.Choices {
			parts = append(parts, c.Label)
		}
	}
	return strings.Join(parts, "\n")
}

// TestPagesAreWhole plays all stories with their helpers on pages in another language:
// whatever they read is in it, but for what people have written themselves, and nothing
// there says what an appointment is or which group it is, in no language.
func TestPagesAreWhole(t *testing.T) {
	t.Parallel()
	library, err := content.Load()
	if err != nil {
		t.Fatal(err)
	}
	said := &heardAll{said: map[string]bool{}, marked: true}
	read := 0
	for i, file := range storyFiles(t) {
		if storetest.RaceDetector && i%4 > 0 { // there, one in four
			continue
		}
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, talk := range talksOf(t, archive) {
			typed := map[string]bool{}
			for _, word := range plainWord.FindAllString(strings.ToLower(strings.Join(talk.lines, "\n")+datesIn), -1) {
				typed[word] = true
			}
			sweepTalk(t, library, talk, words.Languages{"es": said, "": said}, func(where, text string) {
				read++
				text = anAddress.ReplaceAllString(text, "")
				for _, word := range plainWord.FindAllString(text, -1) {
					if where != toForward && !typed[strings.ToLower(word)] {
						t.Errorf("%s: %q is not translated at %s: %s", filepath.Base(file), word, where, unmarked(text))
					}
				}
				if found := telling.FindString(unmarked(text)); found != "" && where != toForward {
					t.Errorf("%s: %q is told at %s: %s", filepath.Base(file), found, where, unmarked(text))
				}
			})
		}
	}
	t.Logf("%d messages on pages were read, in %d sentences", read, len(said.said))
	if !storetest.RaceDetector && (read < 5000 || len(said.said) < 300) {
		t.Error("that is too few")
	}
	for code, catalogue := range catalogues(t) {
		for _, sentence := range lacking(catalogue, said.said) {
			t.Errorf("%s lacks %q", code, sentence)
		}
		for english, sentence := range catalogue {
			if found := telling.FindString(sentence); found != "" {
				t.Errorf("%s says %q for %q: %s", code, found, english, sentence)
			}
		}
	}
}

// telling are words that tell a helper what they are not to know.
var telling = regexp.MustCompile(`(?i)\b(ketamine?a?|therap(y|ies|ist)|terapias?|terapeuta|clinic|cl[ií]nica|sessions?|sesi[oó]n(es)?|kap|treatments?|tratamientos?)\b|#?\bvillages?\b`)

// datesIn are the words of dates, zones and what everybody is given here.
const datesIn = " domingo lunes martes mi rcoles jueves viernes bado dom lun mar mi jue vie sa enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre" +
	" ene feb mar abr may jun jul ago sept oct nov dic hora de mediod medianoche cuando empieza el mst mdt pst est utc denver america en espa ol web rosa only my helper is told that place rides to my after appointment" +
	" localhost llama al oprime env ayuda por mensaje texto si alguien est peligro ahora"

// anAddress is one that can be tapped, or pasted.
var anAddress = regexp.MustCompile(`https://\S+|\((tel|sms):\d+\)`)

// plainWord is a word that nobody has marked.
var plainWord = regexp.MustCompile(`\b[A-Za-z]{2,}\b`)

// marking writes letters so that they are told from those that nobody has translated.
func marking(sentence string) string {
	parts := regexp.MustCompile(`%(\[\d\])?[a-z]|%%`).FindAllStringIndex(sentence, -1)
	var b strings.Builder
	at := 0
	shift := func(s string) {
		for _, r := range s {
			if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
				r += 'ａ' - 'a'
			}
			b.WriteRune(r)
		}
	}
	for _, p := range parts {
		shift(sentence[at:p[0]])
		b.WriteString(sentence[p[0]:p[1]])
		at = p[1]
	}
	shift(sentence[at:])
	return b.String()
}

func unmarked(text string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'Ａ' && r <= 'ｚ' {
			return r - ('ａ' - 'a')
		}
		return r
	}, text)
}
