package web

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"embed"
	"encoding/base64"
	"errors"
	"fmt"
	"html/template"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"village/bot"
)

//go:embed page.html page.css
var files embed.FS

// PagesName is the platform's name, the part of its people's IDs before the slash.
const PagesName = "web"

const (
	// maxForm is how much a form may be, in bytes.
	maxForm = 64 << 10
	// keptFor is how long a browser keeps its link.
	keptFor = 400 * 24 * time.Hour
	// atOnce is how many pages are made at once; whoever comes then waits, at most waitTurn.
	atOnce   = 8
	waitTurn = 2 * time.Second
)

// PagesConfig is what Pages are made of.
type PagesConfig struct {
	// URL is the address under which they are reached from outside.
	URL string
	Now func() time.Time
	Log *slog.Logger
	// Random is where secrets come from; crypto/rand when nil.
	Random io.Reader
}

// Pages are a platform: everybody who comes by a personal link has a page, on which an
// answer is shown as it is anywhere else, and every button of it is a button.
//
// Promised: no script, nothing from anywhere else, nothing personal in an address, and a
// link that opens for the first browser that says so, by a form and never by being looked
// at. Not promised: that anybody looks.
type Pages struct {
	cfg    PagesConfig
	secure bool
	door   bot.Door
	bot    *bot.Bot
	page   *template.Template
	style  []byte
	limits *limits
	turns  chan struct{}
	cross  *http.CrossOriginProtection
}

// NewPages makes Pages. The error is about the address.
func NewPages(cfg PagesConfig) (*Pages, error) {
	u, err := url.Parse(cfg.URL)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return nil, errors.New("VILLAGE_PUBLIC_URL is no address that I can give to people: write it as https://village.example.org")
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Random == nil {
		cfg.Random = rand.Reader
	}
	p := &Pages{cfg: cfg, secure: u.Scheme == "https", limits: newLimits(cfg.Now), turns: make(chan struct{}, atOnce), cross: http.NewCrossOriginProtection()}
	if err := p.cross.AddTrustedOrigin(u.Scheme + "://" + u.Host); err != nil {
		return nil, fmt.Errorf("VILLAGE_PUBLIC_URL: %w", err)
	}
	if p.page, err = template.New("page.html").ParseFS(files, "page.html"); err != nil {
		return nil, fmt.Errorf("the page: %w", err)
	}
	if p.style, err = files.ReadFile("page.css"); err != nil {
		return nil, fmt.Errorf("the style of the page: %w", err)
	}
	return p, nil
}

// Name is "web".
func (p *Pages) Name() string { return PagesName }

// Pages is the address behind which they are.
func (p *Pages) Pages() string { return strings.TrimSuffix(p.cfg.URL, "/") }

// Admit says who lets people in, and whom what they do is told to, before the first of
// them comes.
func (p *Pages) Admit(door bot.Door, b *bot.Bot) { p.door, p.bot = door, b }

// Run waits: people come in through Routes.
func (p *Pages) Run(ctx context.Context, _ *bot.Bot) error {
	<-ctx.Done()
	return nil
}

// Send keeps a message for the page of its person. Errors as for [bot.Platform].
func (p *Pages) Send(ctx context.Context, o bot.Outgoing) (bot.Posted, error) {
	if o.To.Person == "" {
		return bot.Posted{}, bot.ErrUnreachable
	}
	return p.door.Deliver(ctx, o)
}

// Edit is ErrGone: what was told stays as it was told, and the page says how things
// stand.
func (p *Pages) Edit(context.Context, bot.Posted, bot.Message) error { return bot.ErrGone }

// Routes are what is served, by pattern.
func (p *Pages) Routes() map[string]http.Handler {
	return map[string]http.Handler{
		"GET /page.css":  http.HandlerFunc(p.css),
		"GET /i/{link}":  p.guarded(p.knock),
		"POST /i/{link}": p.guarded(p.enter),
		"GET /f/{page}":  p.guarded(p.look),
		"POST /f/{page}": p.guarded(p.act),
		"GET /m/{tap}":   p.guarded(p.ponder),
		"POST /m/{tap}":  p.guarded(p.tapped),
	}
}

func (p *Pages) css(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	w.Header().Set("Cache-Control", "public, max-age=86400")
	_, _ = w.Write(p.style) // nobody is left to tell
}

// visit is one request and what is known of whoever makes it.
type visit struct {
	*http.Request
	locale string
}

// guarded bounds what strangers can do, and answers what goes wrong.
func (p *Pages) guarded(answer func(w http.ResponseWriter, v visit) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'")
		h.Set("X-Robots-Tag", "noindex, nofollow, noarchive")
		h.Set("Vary", "Cookie, Accept-Language")
		v := visit{r, firstLocale(r.Header.Get("Accept-Language"))}
		if !p.limits.allow("address "+address(r), perAddress) || !p.limits.allow("path "+r.URL.Path, perLink) {
			p.sorry(w, v, http.StatusTooManyRequests)
			return
		}
		ctx, cancel := context.WithTimeout(r.Context(), waitTurn)
		defer cancel()
		select {
		case p.turns <- struct{}{}:
			defer func() { <-p.turns }()
		case <-ctx.Done():
			p.sorry(w, v, http.StatusServiceUnavailable)
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, maxForm)
		if err := answer(w, v); err != nil {
			// Neither the address, which is a secret, nor what was said.
			p.cfg.Log.ErrorContext(r.Context(), "a page could not be answered", "error", err)
			p.sorry(w, v, http.StatusInternalServerError)
		}
	})
}

func (p *Pages) sorry(w http.ResponseWriter, v visit, status int) {
	if status == http.StatusTooManyRequests {
		w.Header().Set("Retry-After", "60")
	}
	_ = p.write(w, status, p.welcome(p.door.Sorry(v.locale))) // nobody is left to tell
}

// knock shows what a link is, and opens nothing. Whoever opened it before goes on to
// their page.
func (p *Pages) knock(w http.ResponseWriter, v visit) error {
	link := v.PathValue("link")
	said, err := p.door.Knock(v.Context(), link, v.locale)
	if err != nil {
		return err
	}
	if said.Page != "" {
		who, _, err := p.door.Whose(v.Context(), said.Page, p.kept(v, said.Page), v.locale)
		if err != nil {
			return err
		}
		if who.ID != "" {
			http.Redirect(w, v.Request, "/f/"+said.Page, http.StatusSeeOther)
			return nil
		}
		return p.write(w, http.StatusOK, p.welcome(said))
	}
	shown := p.welcome(said)
	if said.Enter == "" {
		return p.write(w, http.StatusNotFound, shown)
	}
	before, err := p.secret()
	if err != nil {
		return err
	}
	p.keep(w, beforehand, before, time.Hour)
	shown.Action, shown.Check, shown.Enter = v.URL.Path, check(before), said.Enter
	return p.write(w, http.StatusOK, shown)
}

// beforehand names what a browser keeps between being asked and saying who it is.
const beforehand = "door"

// enter has this browser keep a link.
func (p *Pages) enter(w http.ResponseWriter, v visit) error {
	if ok, err := p.meant(v, p.kept(v, beforehand)); !ok {
		p.refuse(w, v, err)
		return nil
	}
	secret, err := p.secret()
	if err != nil {
		return err
	}
	said, err := p.door.Enter(v.Context(), v.PathValue("link"), secret, v.locale)
	if err != nil {
		return err
	}
	if said.Page == "" {
		return p.write(w, http.StatusNotFound, p.welcome(said))
	}
	p.keep(w, said.Page, secret, keptFor)
	p.keep(w, beforehand, "", -time.Second)
	http.Redirect(w, v.Request, "/f/"+said.Page, http.StatusSeeOther)
	return nil
}

// look shows somebody their page.
func (p *Pages) look(w http.ResponseWriter, v visit) error {
	who, said, secret, err := p.whose(v)
	if err != nil {
		return err
	}
	if who.ID == "" {
		return p.write(w, http.StatusNotFound, p.welcome(said))
	}
	return p.answer(w, v, who, said, secret, bot.Request{Line: pageLine})
}

// pageLine is the command that shows all there is.
const pageLine = "/page"

// act does what somebody has tapped, or filled in.
func (p *Pages) act(w http.ResponseWriter, v visit) error {
	who, said, secret, err := p.whose(v)
	if err != nil {
		return err
	}
	if who.ID == "" {
		return p.write(w, http.StatusNotFound, p.welcome(said))
	}
	if ok, err := p.meant(v, secret); !ok {
		p.refuse(w, v, err)
		return nil
	}
	line := v.PostForm.Get("do")
	if !strings.HasPrefix(line, "/") {
		line = pageLine
	}
	r := bot.Request{Line: line}
	if path, ok := strings.CutPrefix(line, formLine); ok {
		r = bot.Request{Path: strings.Fields(path), Args: map[string]string{}, Submitted: true}
		for name, values := range v.PostForm {
			if option, ok := strings.CutPrefix(name, fieldName); ok && values[0] != "" {
				r.Args[option] = values[0]
			}
		}
	}
	if strings.HasPrefix(line, pageLine+" language: ") { // all of it changes
		p.bot.Do(v.Context(), p.asked(v, who, said, r))
		http.Redirect(w, v.Request, v.URL.Path, http.StatusSeeOther)
		return nil
	}
	return p.answer(w, v, who, said, secret, r)
}

const (
	// formLine begins what a submitted form does, and fieldName the name of each of its
	// fields.
	formLine  = "/form "
	fieldName = "f."
)

// whose is whose page it is, with what their browser keeps.
func (p *Pages) whose(v visit) (who bot.Person, said bot.Welcome, secret string, err error) {
	page := v.PathValue("page")
	secret = p.kept(v, page)
	who, said, err = p.door.Whose(v.Context(), page, secret, v.locale)
	return who, said, secret, err
}

// answer carries out a request and shows what is said to it.
func (p *Pages) answer(w http.ResponseWriter, v visit, who bot.Person, said bot.Welcome, secret string, r bot.Request) error {
	reply := p.bot.Do(v.Context(), p.asked(v, who, said, r))
	all := r.Line == pageLine
	shown := view{Language: said.Language, Action: v.URL.Path, Check: check(secret), Messages: shownAll(reply.Messages, all)}
	if !all {
		shown.Back = said.Back
	}
	if reply.Form != nil {
		shown.Form = formOf(reply.Form)
	}
	return p.write(w, http.StatusOK, shown)
}

// asked is a request by whose page it is, in the language of it.
func (p *Pages) asked(v visit, who bot.Person, said bot.Welcome, r bot.Request) bot.Request {
	r.Platform, r.From, r.Locale = PagesName, who, cmp.Or(said.Language, v.locale)
	r.Room = bot.Room{ID: who.ID, Direct: true}
	return r
}

// meant says whether a form comes from a page of ours in this browser: its check belongs
// to what the browser keeps, and no other place has sent it. Its values are read.
func (p *Pages) meant(v visit, secret string) (bool, error) {
	if err := v.ParseForm(); err != nil {
		return false, err
	}
	if secret == "" || p.cross.Check(v.Request) != nil {
		return false, nil
	}
	return subtle.ConstantTimeCompare([]byte(v.PostForm.Get("check")), []byte(check(secret))) == 1, nil
}

// refuse answers a form that is none of ours.
func (p *Pages) refuse(w http.ResponseWriter, v visit, err error) {
	var large *http.MaxBytesError
	status := http.StatusForbidden
	switch {
	case errors.As(err, &large):
		status = http.StatusRequestEntityTooLarge
	case err != nil:
		status = http.StatusBadRequest
	}
	p.sorry(w, v, status)
}

// check is what a form must bring, for a browser that keeps this secret.
func check(secret string) string {
	sum := sha256.Sum256([]byte("village form\x00" + secret))
	return base64.RawURLEncoding.EncodeToString(sum[:18])
}

func (p *Pages) secret() (string, error) {
	var b [16]byte
	if _, err := io.ReadFull(p.cfg.Random, b[:]); err != nil {
		return "", fmt.Errorf("making a secret: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(b[:]), nil
}

// cookie is the name of what a browser keeps for a page.
func (p *Pages) cookie(page string) string {
	if p.secure {
		return "__Host-" + page
	}
	return page
}

func (p *Pages) keep(w http.ResponseWriter, page, secret string, lasts time.Duration) {
	http.SetCookie(w, &http.Cookie{Name: p.cookie(page), Value: secret, Path: "/", MaxAge: int(lasts.Seconds()), Secure: p.secure, HttpOnly: true, SameSite: http.SameSiteLaxMode})
}

func (p *Pages) kept(v visit, page string) string {
	c, err := v.Cookie(p.cookie(page))
	if err != nil {
		return ""
	}
	return c.Value
}

func (p *Pages) welcome(said bot.Welcome) view {
	return view{Language: said.Language, Messages: shownAll([]bot.Message{said.Message}, true)}
}

// write shows a page, all of it or nothing.
func (p *Pages) write(w http.ResponseWriter, status int, shown view) error {
	var b bytes.Buffer
	if err := p.page.Execute(&b, shown); err != nil {
		return fmt.Errorf("making a page: %w", err)
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes()) // nobody is left to tell
	return nil
}

// Draw writes a page with these messages, which nobody can tap, to see what that costs.
func (p *Pages) Draw(w io.Writer, messages []bot.Message) error {
	return p.page.Execute(w, view{Language: "en", Messages: shownAll(messages, true)})
}

// firstLocale is the language that a browser wants most.
func firstLocale(accepts string) string {
	first, _, _ := strings.Cut(accepts, ",")
	first, _, _ = strings.Cut(first, ";")
	if first = strings.TrimSpace(first); len(first) > 20 || first == "*" {
		return ""
	}
	return first
}

// view is what the template shows.
type view struct {
	Language string
	Messages []shownMessage
	// Action is where what is tapped goes, Check what it brings; without them nothing can
	// be tapped. Enter and Back are labels, empty where there is no such button.
	Action, Check, Enter, Back string
	Form                       *shownForm
}

// Title is what the window is called.
func (v view) Title() string {
	for _, m := range v.Messages {
		if m.Title != "" {
			return m.Title
		}
	}
	if v.Form != nil {
		return v.Form.Title
	}
	return v.Back
}

type shownMessage struct {
	// Language is a tag where it is in another one than the page.
	Language string
	// Heading says that it is one, above those that follow; First that it is the page's.
	Heading, First bool
	Title, Footer  string
	Blocks         []shownBlock
	Fields         []shownField
	Buttons        []shownButton
}

type shownBlock struct {
	Kind  bot.BlockKind
	Spans []bot.Span
}

// Items says that it is one of a list.
func (b shownBlock) Items() bool { return b.Kind == bot.Bullet }

type shownField struct {
	Name  string
	Spans []bot.Span
}

type shownButton struct {
	Label, Command, URL, Language string
	Primary                       bool
}

type shownForm struct {
	Title, Intro, Line string
	Fields             []shownInput
	Args               map[string]string
}

type shownInput struct {
	Name, Label, Hint, Value string
	Long, Required           bool
	Choices                  []bot.Pick
	Max                      int
}

// shownAll are messages as they are shown; whole says that the first one is the page's.
func shownAll(messages []bot.Message, whole bool) []shownMessage {
	out := make([]shownMessage, len(messages))
	for i, m := range messages {
		m = m.Flat()
		s := shownMessage{Language: m.Language, Title: m.Title, First: i == 0, Heading: whole && m.Text == "" && len(m.Fields)+len(m.Buttons) == 0}
		for _, b := range bot.Parse(m.Text) {
			s.Blocks = append(s.Blocks, shownBlock(b))
		}
		for _, f := range m.Fields {
			s.Fields = append(s.Fields, shownField{f.Name, spansOf(f.Value)})
		}
		for _, b := range m.Buttons {
			s.Buttons = append(s.Buttons, shownButton{b.Label, b.Command, b.URL, b.Language, b.Style == bot.Primary})
		}
		s.Footer = bot.PlainText(m.Footer)
		out[i] = s
	}
	return out
}

// spansOf are the words of a short text, one block after the other.
func spansOf(text string) []bot.Span {
	var out []bot.Span
	for i, b := range bot.Parse(text) {
		if i > 0 {
			out = append(out, bot.Span{Break: true})
		}
		out = append(out, b.Spans...)
	}
	return out
}

// formOf is a form as it is shown.
func formOf(f *bot.Form) *shownForm {
	out := &shownForm{Title: f.Title, Intro: f.Intro, Line: formLine + strings.Join(f.Path, " "), Args: map[string]string{}}
	for _, name := range slices.Sorted(maps.Keys(f.Args)) {
		out.Args[fieldName+name] = f.Args[name]
	}
	for _, field := range f.Fields {
		in := shownInput{Name: fieldName + field.Name, Label: cmp.Or(field.Label, field.Summary), Hint: field.Hint, Value: field.Value,
			Long: field.Long, Required: field.Required, Choices: field.Choices}
		if field.Kind == bot.Words { // of numbers it is a bound
			in.Max = field.Max
		}
		out.Fields = append(out.Fields, in)
	}
	return out
}
