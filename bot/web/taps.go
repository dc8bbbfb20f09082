package web

import (
	"net/http"

	"village/bot"
)

// A link in a mail opens a page with one button: what looks at links before people do
// changes nothing. Whoever has the link may tap, in whatever browser; so no cookie counts
// here, and nothing but that one button can be reached.

// ponder shows what a link in a mail would do.
func (p *Pages) ponder(w http.ResponseWriter, v visit) error {
	who, _, said, err := p.door.Tapped(v.Context(), v.PathValue("tap"), v.locale)
	if err != nil {
		return err
	}
	shown := p.welcome(said)
	if who.ID == "" {
		return p.write(w, http.StatusNotFound, shown)
	}
	shown.Action, shown.Enter = v.URL.Path, said.Enter
	return p.write(w, http.StatusOK, shown)
}

// tapped does it. A mail program may ask for it by itself where that ends all mail, with
// no page before it (RFC 8058).
func (p *Pages) tapped(w http.ResponseWriter, v visit) error {
	if err := v.ParseForm(); err != nil || p.cross.Check(v.Request) != nil {
		p.refuse(w, v, err)
		return nil
	}
	who, line, said, err := p.door.Tapped(v.Context(), v.PathValue("tap"), v.locale)
	if err != nil {
		return err
	}
	if who.ID == "" {
		return p.write(w, http.StatusNotFound, p.welcome(said))
	}
	r := bot.Request{Platform: PagesName, From: who, Locale: v.locale, Room: bot.Room{ID: who.ID, Direct: true}, Line: line}
	reply := p.bot.Do(v.Context(), r)
	for i := range reply.Messages {
		reply.Messages[i].Buttons = nil
	}
	return p.write(w, http.StatusOK, view{Language: said.Language, Messages: shownAll(reply.Messages, false)})
}
