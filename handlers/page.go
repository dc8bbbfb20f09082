package handlers

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"village/bot"
	"village/handlers/records"
	"village/handlers/understand"
	"village/handlers/words"
	"village/internal/village"
)

// The page of whoever has a personal link is an answer like any other: headings, and
// what is needed with what can be tapped. [App] is also the door that they come in by.

var _ bot.Door = (*App)(nil)

// page is everything on somebody's page.
func (a *App) page(ctx context.Context, r bot.Request) (bot.Reply, error) {
	if !village.IsFamily(r.From.ID) {
		return bot.Reply{}, a.to(r, nil).OnlyByLink()
	}
	g, err := a.group(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	if r.Arg("language") != "" {
		return a.pageIn(ctx, g.ID, r)
	}
	p := words.Page{Mail: a.Mail, Another: len(a.PageLanguages) > 0}
	if p.Family, err = a.Family(ctx, g.ID, r.From.ID); err != nil {
		return bot.Reply{}, err
	}
	zone, err := a.ZoneOf(ctx, g, r.From.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	// a day back, so that today's ride is still there in the evening
	asked, err := a.NeedsWith(ctx, g.ID, p.Family.By.ID, a.Now().Add(-24*time.Hour), 0)
	if err != nil {
		return bot.Reply{}, err
	}
	if asked, err = a.looked(ctx, g.ID, asked, r.From.ID); err != nil {
		return bot.Reply{}, err
	}
	p.Promised, p.Open = p.Family.OnPage(asked, a.Now())
	if p.News, err = a.newsFor(ctx, g.ID, r.From.ID); err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Messages: a.to(r, zone).Page(p)}, nil
}

// pageIn is somebody's page in another language, from now on.
func (a *App) pageIn(ctx context.Context, group string, r bot.Request) (bot.Reply, error) {
	r.Locale = r.Arg("language")
	if err := a.SetLocale(ctx, group, r.From.ID, r.Locale); err != nil {
		return bot.Reply{}, err
	}
	r.Args = nil
	return a.page(records.Visit(ctx), r)
}

// newsFor is what somebody's page tells them, the latest first.
func (a *App) newsFor(ctx context.Context, group, id string) (out []words.News, err error) {
	news, err := a.NewsOf(ctx, group, id)
	if err != nil {
		return nil, err
	}
	for _, told := range slices.Backward(news.Told) {
		var m bot.Message
		if err := json.Unmarshal(told.Message, &m); err != nil {
			return nil, fmt.Errorf("reading news: %w", err)
		}
		out = append(out, words.News{At: told.At, Message: m, Language: told.Language})
	}
	return out, nil
}

// forPage makes an answer one for the page: nothing in it says what an appointment is,
// and what can be tapped can be used there. The private details are the member's own
// words to this one helper, and are given as they are.
func (a *App) forPage(r bot.Request, reply bot.Reply, err error) (bot.Reply, error) {
	to := a.to(r, nil)
	if lastOf(r.Path) != "details" {
		for i, m := range reply.Messages {
			reply.Messages[i] = veiled(m, to.Appointment())
		}
	}
	for i := range reply.Messages {
		reply.Messages[i].Buttons = a.usable(reply.Messages[i].Buttons)
	}
	var refused *bot.Error
	if errors.As(err, &refused) {
		said := *refused
		if strings.Contains(said.Hint, "/") { // nothing can be typed there
			said.Hint = ""
		}
		said.Buttons = a.usable(said.Buttons)
		err = &said
	}
	return reply, err
}

// inTheirLanguage is an answer to somebody with a link that was made before their language
// was known: a form, or a mistake in what their page sent.
func (a *App) inTheirLanguage(ctx context.Context, r bot.Request, reply bot.Reply) bot.Reply {
	if !village.IsFamily(r.From.ID) {
		return reply
	}
	r, _ = a.ofPage(ctx, r) // what it refuses was refused before
	to := a.to(r, nil)
	if reply.Form != nil {
		cmd := bot.Find(a.Table(), reply.Form.Path)
		form := to.FormOnPage(*reply.Form, cmd != nil && cmd.Form == reply.Form.Title)
		reply.Form = &form
	}
	if to.Language != nil && slices.Contains(mistakesOnPage(), reply.Code) {
		said := to.SorryAtDoor()
		said.Buttons = reply.Messages[0].Buttons
		reply.Messages = append([]bot.Message{veiled(said, to.Appointment())}, reply.Messages[1:]...)
	}
	return reply
}

// mistakesOnPage are said by package bot, in English: nobody makes them who taps.
func mistakesOnPage() []string {
	return []string{bot.CodeInternal, bot.CodeUnknownCommand, bot.CodeIncompleteCommand, bot.CodeUnknownOption, bot.CodeOptionMissing, bot.CodeOptionWrong,
		bot.CodeOptionTwice, bot.CodeTooMuch, bot.CodeTooLong, bot.CodeNotAllowed, bot.CodeOldButton, bot.CodeFormForgotten}
}

// usable are those of some buttons that can be used on a page.
func (a *App) usable(buttons []bot.Button) []bot.Button {
	return slices.DeleteFunc(slices.Clone(buttons), func(b bot.Button) bool {
		if b.Command == "" {
			return false
		}
		path, _, err := bot.ParseLine(a.Table(), b.Command)
		return err != nil || !slices.Contains(onPage(), strings.Join(path, " "))
	})
}

// veiled is a message without the words that tell what an appointment is.
func veiled(m bot.Message, instead string) bot.Message {
	m.Title, m.Text, m.Footer = understand.Veil(m.Title, instead), understand.Veil(m.Text, instead), understand.Veil(m.Footer, instead)
	m.Fields = slices.Clone(m.Fields)
	for i, f := range m.Fields {
		m.Fields[i] = bot.Field{Name: understand.Veil(f.Name, instead), Value: understand.Veil(f.Value, instead)}
	}
	m.Buttons = slices.Clone(m.Buttons)
	for i, b := range m.Buttons {
		m.Buttons[i].Label = understand.Veil(b.Label, instead)
	}
	return m
}

// visitor is whoever stands at the door, as a reader.
func (a *App) visitor(locale string) words.Reader {
	return words.Reader{Now: a.Now(), Language: a.PageLanguages.For(locale)}
}

// welcome is what is said to them, without what tells what an appointment is.
func (a *App) welcome(locale string, m bot.Message) bot.Welcome {
	to := a.visitor(locale)
	return bot.Welcome{Message: veiled(m, to.Appointment()), Back: to.BackToPage(), Language: to.Tag()}
}

// Knock is what whoever opens a link reads.
func (a *App) Knock(ctx context.Context, link, locale string) (bot.Welcome, error) {
	_, f, err := a.Opened(ctx, link)
	if f.Browser == "" { // else it is somebody else, who has a language of their own
		locale = cmp.Or(f.Locale, locale)
	}
	to := a.visitor(locale)
	switch {
	case err != nil:
		return bot.Welcome{}, err
	case f.ID == "":
		return a.welcome(locale, to.NoSuchLink()), nil
	case f.Browser != "":
		w := a.welcome(locale, to.LinkInUse(f))
		w.Page = village.FamilyCode(f.ID)
		return w, nil
	}
	w := a.welcome(locale, to.IsThisYou(f))
	w.Enter = to.ThisIsMe()
	return w, nil
}

// Enter has a browser be the one that a link is for.
func (a *App) Enter(ctx context.Context, link, browser, locale string) (bot.Welcome, error) {
	group, f, err := a.Opened(ctx, link)
	if err != nil {
		return bot.Welcome{}, err
	}
	if f.ID != "" && f.Browser == "" {
		ok, err := a.Keep(ctx, group, f, browser, locale)
		if err != nil {
			return bot.Welcome{}, err
		}
		if ok {
			w := a.welcome(locale, bot.Message{})
			w.Page = village.FamilyCode(f.ID)
			return w, nil
		}
	}
	w, err := a.Knock(ctx, link, locale)
	w.Enter, w.Page = "", ""
	return w, err
}

// Whose is whose a page is.
func (a *App) Whose(ctx context.Context, page, browser, locale string) (bot.Person, bot.Welcome, error) {
	_, f, err := a.KeptBy(ctx, page, browser)
	switch {
	case err != nil:
		return bot.Person{}, bot.Welcome{}, err
	case f.ID == "":
		return bot.Person{}, a.welcome(locale, a.visitor(locale).NoSuchLink()), nil
	}
	return bot.Person{ID: f.ID, Name: f.Name}, a.welcome(cmp.Or(f.Locale, locale), bot.Message{}), nil
}

// Deliver keeps a message for the page of its person.
func (a *App) Deliver(ctx context.Context, o bot.Outgoing) (bot.Posted, error) {
	m, err := a.Member(ctx, o.To.Person)
	if err != nil {
		return bot.Posted{}, err
	}
	f, err := a.Family(ctx, cmp.Or(m.Group, "nowhere"), o.To.Person)
	switch {
	case err != nil:
		return bot.Posted{}, err
	case !f.Lasts(a.Now()):
		return bot.Posted{}, bot.ErrUnreachable
	}
	to := a.visitor(f.Locale)
	kept := veiled(o.Message, to.Appointment())
	kept.Buttons, kept.Menus, kept.Image = nil, nil, nil // what can be done stands with the request
	body, err := json.Marshal(kept)
	if err != nil {
		return bot.Posted{}, fmt.Errorf("keeping news: %w", err)
	}
	if err := a.AddNews(ctx, m.Group, f.ID, records.Told{Nonce: o.Nonce, Message: body, Language: to.Tag()}); err != nil {
		return bot.Posted{}, err
	}
	return bot.Posted{Platform: bot.PlatformOf(f.ID), Room: f.ID, Message: o.Nonce}, nil
}

// Sorry is said where something went wrong at the door.
func (a *App) Sorry(locale string) bot.Welcome {
	return a.welcome(locale, a.visitor(locale).SorryAtDoor())
}

// newsExported is what somebody's page told them.
func (a *App) newsExported(d document, n records.News) []string {
	lines := []string{d.to.NewsKept(len(n.Told), d.Expires)}
	for _, told := range n.Told {
		var m bot.Message
		if err := json.Unmarshal(told.Message, &m); err != nil {
			a.Log.Error("news could not be read", "error", err)
			continue
		}
		lines = append(lines, d.to.NewsLine(words.News{At: told.At, Message: m, Language: told.Language}))
	}
	return lines
}
