package understand

// Word is a kind word.
type Word string

// The kind words.
const (
	Hello  Word = "hello"
	Thanks Word = "thanks"
	Night  Word = "night"
	Bye    Word = "bye"
	Who    Word = "who"
	Person Word = "person"
	Okay   Word = "okay"
	HowDo  Word = "how-do"
	Sorry  Word = "sorry"
	Praise Word = "praise"
	Start  Word = "start"
	Joke   Word = "joke"
	Help   Word = "help"
	Scores Word = "scores" // they want to keep a score of how they are
	with   Word = "with"   // goes along with any other
)

// talkPhrases are the ways to say a kind word.
func talkPhrases() phrasebook[Word] {
	b := phrasebook[Word]{}
	b.add(Hello, `mornin; good mornin; gm; g morning; evenin; hai; hullo; hi; hi hi; hello; hey; hey hey; yo; howdy; greetings; good morning; morning; good afternoon; afternoon; good evening; evening; good day; hi there; hello there; hey there; hello bot; hi bot; hey bot; what is up; sup; namaste; hola; anybody there; are you there; you there; is anybody there; hello is anybody there; test; testing; ping; hi again; hello again`)
	b.add(Start, `hi i just installed you what now; i just installed you; i just added you; just installed you; just joined; i just joined; i am new; i am new here; new here; what now; now what; how do i start; where do i start; get started; getting started; start; begin; how do i begin; where do i begin; i am new to this; how does this work; how do you work; how do i use this; how do i use you`)
	b.add(Help, `help; help me; help please; please help; please help me; i need help; menu; options; what can you do; what can you do for me; what can you help with; what can you help me with; how can you help; how can you help me; commands; list commands; show commands; what commands; what are your commands; what can i do here; instructions; info; information; what do i do; what should i do; what do i do now; what should i do now; what can i say; what can i tell you; how to use; guide; manual; support; i do not know what to do; i do not know where to start; i am lost; i am confused; confused; i do not understand; i do not get it; what; huh what; what else; what else can you do; can you help me; can you help; could you help me; main menu; back; home screen; options please; i need some help; i could use some help; can i get help; can i get some help; can you help me please; tell me what you can do; what are my options; i have a question; can i ask you something; can i ask a question; i have some questions; question`)
	b.add(Thanks, `thanks; thank you; thanks so much; thank you so much; thank you very much; thanks a lot; thanks a million; many thanks; much appreciated; appreciate it; i appreciate it; i appreciate you; i appreciate this; thank you for [all] your/the help; thanks for [all] your/the help; thank you for everything; thanks for everything; thanks for that; thank you for that; thanks for this; thanks for helping; thank you for helping; that helps; that helped; that helped [me] a lot; this helps; this helped; this was helpful; that was helpful; that is helpful; very helpful; so helpful; gracias; merci; danke; bless you; god bless; i am grateful; so grateful; i am so grateful; means a lot; that means a lot; thanks for the reminder; thank you for the reminder; thanks for the ride; thanks for being here; thank you for being here; thanks for asking; thank you for asking`)
	b.add(Night, `good night; night; night night; sleep well; sweet dreams; i am going to bed; going to bed; i am off to bed; off to bed; i am going to sleep; going to sleep; bed time; time for bed`)
	b.add(Bye, `bye; bye bye; goodbye; good bye; see you; see you later; see you soon; see you tomorrow; see ya; later; talk later; talk soon; talk to you later; take care; have a good day; have a nice day; have a good one; gotta go; have to go; i have to go; that is all; that is it; that will be all; i am done for today; until tomorrow; later then; ciao; farewell; quit; exit`)
	b.add(Who, `who are you; what are you; what is this; what is this bot; what is this thing; who is this; what is village; who is village; introduce yourself; tell me about yourself; who made you; who built you; who runs this; who is behind this; who do i talk to; who am i talking to; what is your name; your name; do you have a name; what do you do; what are you for; what does this bot do; what is this for; what is this app`)
	b.add(Person, `is this a robot; is this a machine; is this a program; is it a bot; are you a real human; robot; bot or human; are you a person; are you human; are you a human; are you real; are you a real person; are you a bot; are you a robot; are you an ai; are you ai; are you a machine; are you a program; are you a computer; are you a doctor; are you a nurse; are you a therapist; is this a bot; is this a person; is this a real person; is this a human; is this real; am i talking to a person; am i talking to a bot; am i talking to a human; am i talking to a real person; is there a person here; is somebody reading this; does somebody read this; does anybody read this; is anybody reading this; who reads this; who can see this; who sees this; do you have feelings; are you alive; are you chatgpt; human; can i talk to a human; can i talk to a person; talk to a human; talk to a person; i want to talk to a person; i want to talk to a human`)
	b.add(Okay, `ok; ok then; ok great; ok cool; cool; fine; got it; understood; noted; great; good; nice; roger; copy that; i see; perfect; awesome; super; wonderful; lovely; excellent; right; all right; alright; yes; yes please; no; no thanks; sure; done; all done; good to know; never mind; nothing; all good; makes sense; that makes sense; sounds good; will do; hm; hmm; hmmm; huh; interesting; wow; oh; ah; aha; lol; haha; hahaha; ha; yay; i am here; here; that is fine; fine by me; no worries; no problem; you are welcome; welcome; i will; of course; maybe; later; not sure; forget it; forget that; my bad; oops; wrong chat; wrong person; wrong window; sent by mistake; ignore that; ignore me; please ignore; just testing; i was just testing; that was a test; amen; so true; true; exactly; i know; uh huh; mhm; word; same`)
	b.add(HowDo, `how are you; how are you doing; how are you today; how is it going; how do you do; how have you been; you ok; are you ok; how is your day; how was your day; how are things`)
	b.add(Sorry, `sorry; i am sorry; so sorry; i am so sorry; sorry about that; my apologies; apologies; i apologize; sorry to bother you; sorry for bothering you; sorry for the trouble; excuse me; pardon`)
	b.add(Praise, `you are a star; you are a gem; you are a lifesaver; you are an angel; you are a blessing; good bot; you are great; you are awesome; you are the best; you are kind; you are so kind; you are sweet; you are lovely; you are amazing; you are helpful; i love you; love you; i love this; i love this bot; love it; i like you; i like this; this is great; this is so great; this is amazing; great job; good job; well done; nice job; nice work; best bot; this bot is great; you rock; best bot ever; you are wonderful; bravo`)
	b.add(Joke, `tell me a joke; say something funny; tell me a story; sing me a song; say something nice; tell me something nice; cheer me up; make me laugh; i am bored; bored`)
	b.add(with, `village; bot; there; all; everybody; everyone; friend; friends; dear; guys; folks; so; much; please; and; oh; for now; again; today; too; well; just; you; me; sam; maya; for your help; for the help; very; really; my friend; to you; then; now; now then; buddy; team; i; anyway; hun; love; x; xx; xo; it`)
	return b
}

// kindWord is the kind word that somebody says, where they say nothing else.
func (e *Ear) kindWord(s sentence) (Word, bool) {
	word, book := Word(""), e.known().talk
	rank := map[Word]int{"": 0, with: 1, Help: 9, Okay: 2, Hello: 3, Sorry: 4, Thanks: 5, Bye: 6, Praise: 6, Night: 7, HowDo: 7, Joke: 8, Start: 8, Who: 9, Person: 9}
	for i := 0; i < len(s.toks); {
		means, n := book.longest(s.toks[i:])
		if n == 0 {
			return "", false
		}
		if rank[means] > rank[word] {
			word = means
		}
		i += n
	}
	if word == with {
		word = ""
	}
	return word, word != ""
}

// wantsScores says whether somebody wants to keep a score of how they are, by a clinic's
// scale or without one. How to answer such a scale is another question.
func (s sentence) wantsScores() bool {
	if len(s.toks) == 0 || len(s.toks) > 14 || s.has("lie", "cheat", "fake", "pass", "hide", "trick", "honest", "answer", "should") {
		return false
	}
	keeps := s.has("track", "log", "record", "keep", "chart", "enter", "fill", "take", "note", "save", "do", "follow", "monitor", "measure", "compare", "tracking")
	of := s.has("depression", "anxiety", "mood", "my", "hamilton", "beck", "weekly", "daily")
	return keeps && of && s.has("score", "scores", "scale", "scales")
}
