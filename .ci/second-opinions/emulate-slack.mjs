// A Slack that checks scopes, made by others; scopes_test.go starts it. It prints
// where it is and who is there.
import { createEmulator } from 'emulate';

const { PORT, BASE_URL, BOT_TOKEN, POOR_TOKEN, SCOPES } = process.env;
const token = (value, scopes) => ({ token: value, type: 'bot', user: 'village', scopes, app_id: 'A0VILLAGE', bot_id: 'B0VILLAGE' });
const slack = await createEmulator({
  service: 'slack', port: Number(PORT), baseUrl: BASE_URL,
  seed: {
    slack: {
      strict_scopes: true,
      users: [{ name: 'maya', email: 'maya@example.org' }, { name: 'village', email: 'village@example.org' }],
      channels: [{ name: 'village' }, { name: 'quiet', is_private: true }],
      tokens: [token(BOT_TOKEN, SCOPES.split(',')), token(POOR_TOKEN, ['commands']), token('xoxb-rich', ['users:read', 'channels:read', 'groups:read'])],
    },
  },
});
process.on('SIGINT', async () => {
  await slack.close();
  process.exit();
});

async function ask(method, args) {
  const res = await fetch(`http://127.0.0.1:${PORT}/api/${method}`, { method: 'POST', headers: { authorization: 'Bearer xoxb-rich' }, body: new URLSearchParams(args) });
  const answer = await res.json();
  if (!answer.ok) throw new Error(`${method}: ${JSON.stringify(answer)}`);
  return answer;
}
const { members } = await ask('users.list', {});
const { channels } = await ask('conversations.list', { types: 'public_channel,private_channel' });
const find = (list, name) => list.find((x) => x.name === name).id;
console.log(JSON.stringify({ maya: find(members, 'maya'), village: find(channels, 'village'), quiet: find(channels, 'quiet') }));
