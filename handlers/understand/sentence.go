package understand

import (
	"strings"
	"unicode"

	"village/content/find"
)

// token is one word in plain letters, and where it stood in the text.
type token struct {
	text     string
	from, to int  // of the word as it was written
	stop     bool // a sentence, or a part of one, ends behind it
}

// sentence is words as they were written, and as they are compared.
type sentence struct {
	raw      string
	toks     []token
	question bool // it ends with a question mark
}

// parse makes words comparable: letters plain and small, contractions written out,
// mentions and marks gone.
func (e *Ear) parse(words string) sentence {
	s := sentence{raw: words, question: strings.HasSuffix(strings.TrimRightFunc(words, func(r rune) bool { return !strings.ContainsRune("?!.", r) && !unicode.IsLetter(r) }), "?")}
	short, at := e.known().short, 0
	for at < len(words) && len(s.toks) <= mostTokens {
		end := strings.IndexFunc(words[at:], apart)
		if end < 0 {
			end = len(words) - at
		}
		if end > 0 {
			s.word(at, at+end, short)
		}
		at += end
		if at < len(words) {
			r, n := firstRune(words[at:])
			if strings.ContainsRune(",;:–—\n", r) {
				s.stop()
			}
			at += n
		}
	}
	return s
}

// apart says whether a character stands between words.
func apart(r rune) bool {
	return unicode.IsSpace(r) || strings.ContainsRune(",;–—\"“”„()[]", r)
}

func firstRune(s string) (rune, int) {
	for _, r := range s {
		return r, len(string(r))
	}
	return 0, 1
}

func (s *sentence) stop() {
	if len(s.toks) > 0 {
		s.toks[len(s.toks)-1].stop = true
	}
}

// word reads what stands between two blanks.
func (s *sentence) word(from, to int, short map[string]string) {
	w := s.raw[from:to]
	if mention(w) {
		return
	}
	for to > from && strings.IndexByte(".!?", s.raw[to-1]) >= 0 {
		to--
	}
	cut := to-from < len(w)
	small := strings.ToLower(strings.Map(straight, s.raw[from:to]))
	texts := strings.Fields(short[small])
	if first := len(s.toks) == 0 || s.toks[len(s.toks)-1].stop; first && (small == "were" || small == "ill") {
		texts = strings.Fields(short[small+"'"])
	}
	if len(texts) == 0 {
		for _, t := range find.Tokens(strings.ReplaceAll(small, "-", " ")) {
			if whole := short[t]; whole != "" {
				texts = append(texts, strings.Fields(whole)...)
			} else if t != "|" {
				texts = append(texts, t)
			}
		}
	}
	for _, t := range texts {
		s.toks = append(s.toks, token{text: t, from: from, to: to})
	}
	if cut {
		s.stop()
	}
}

// straight is an apostrophe for whatever is written in its place.
func straight(r rune) rune {
	if r == '’' || r == '´' || r == '`' {
		return '\''
	}
	return r
}

// mention says whether a word is the bot's own name.
func mention(w string) bool {
	return strings.HasPrefix(strings.ToLower(strings.TrimRight(w, ",.:!?")), "@village")
}

// contractions are short ways to write something, written out. Those that are words
// of their own, except where a sentence begins, have an apostrophe behind them.
func contractions() map[string]string {
	return map[string]string{
		"were'": "we are", "ill'": "i will",
		"i'm": "i am", "im": "i am", "i'll": "i will", "i've": "i have", "ive": "i have", "i'd": "i would",
		"you're": "you are", "youre": "you are", "ur": "your", "u": "you", "r": "are", "you'll": "you will",
		"we're": "we are", "we'll": "we will", "we've": "we have", "weve": "we have",
		"he's": "he is", "hes": "he is", "she's": "she is", "shes": "she is", "it's": "it is", "its": "it is",
		"he'll": "he will", "she'll": "she will", "they'll": "they will",
		"they're": "they are", "theyre": "they are", "that's": "that is", "thats": "that is", "there's": "there is", "theres": "there is",
		"what's": "what is", "whats": "what is", "who's": "who is", "whos": "who is", "where's": "where is", "wheres": "where is", "when's": "when is", "whens": "when is", "how's": "how is", "hows": "how is",
		"can't": "can not", "cant": "can not", "cannot": "can not", "don't": "do not", "dont": "do not", "doesn't": "does not", "doesnt": "does not", "didn't": "did not", "didnt": "did not",
		"won't": "will not", "wont": "will not", "isn't": "is not", "isnt": "is not", "aren't": "are not", "arent": "are not", "wasn't": "was not", "wasnt": "was not", "weren't": "were not", "haven't": "have not", "havent": "have not", "hasn't": "has not", "hasnt": "has not", "hadn't": "had not", "couldn't": "could not", "couldnt": "could not", "wouldn't": "would not", "wouldnt": "would not", "shouldn't": "should not", "ain't": "am not",
		"let's": "let us", "lets": "let us", "gonna": "going to", "wanna": "want to", "gotta": "have to", "lemme": "let me", "gimme": "give me",
		"pls": "please", "plz": "please", "thx": "thanks", "ty": "thanks", "tysm": "thanks", "tx": "thanks", "thanx": "thanks", "cheers": "thanks",
		"tmrw": "tomorrow", "tmr": "tomorrow", "tmw": "tomorrow", "2moro": "tomorrow", "2nite": "tonight", "tonite": "tonight", "2day": "today",
		"appt": "appointment", "appts": "appointments", "apt": "appointment", "sesh": "session", "k": "ok", "kk": "ok", "okay": "ok", "okey": "ok", "oki": "ok",
		"yeah": "yes", "yea": "yes", "yep": "yes", "yup": "yes", "yess": "yes", "ya": "yes", "yeh": "yes", "yah": "yes", "aye": "yes", "y": "yes", "si": "yes", "nope": "no", "nah": "no", "n": "no", "noo": "no",
		"neighbour": "neighbor", "neighbours": "neighbors", "someone": "somebody", "sb": "somebody", "smb": "somebody", "anyone": "anybody", "everyone": "everybody", "noone": "nobody", "mum": "mom", "kiddo": "kid", "omw": "on my way", "rn": "right now", "hiya": "hi", "heya": "hey", "hii": "hi", "heyy": "hey", "helo": "hello", "helloo": "hello",
		"wondering": "wonder", "nvm": "never mind", "nevermind": "never mind", "goodnight": "good night", "gn": "good night", "babysit": "babysitter", "cancelled": "canceled", "cancelling": "canceling",
		"👍": "yes", "👍🏻": "yes", "👍🏼": "yes", "👍🏽": "yes", "👍🏾": "yes", "👍🏿": "yes", "✅": "yes", "👌": "ok", "👎": "no", "❌": "no", "🏠": "home", "🙏": "thanks", "👋": "hi",
	}
}

// text is what was written from one token to another, the second left out.
func (s sentence) text(from, to int) string {
	if from >= to {
		return ""
	}
	return strings.TrimSpace(s.raw[s.toks[from].from:s.toks[to-1].to])
}

// has says whether one of the words is in the sentence.
func (s sentence) has(words ...string) bool { return s.at(0, words...) >= 0 }

// at is the first place from one on of one of the words, or -1.
func (s sentence) at(from int, words ...string) int {
	for i := from; i < len(s.toks); i++ {
		for _, w := range words {
			if s.toks[i].text == w {
				return i
			}
		}
	}
	return -1
}
