// A bot of Bolt's that does a little of everything; clients_test.go starts it
// against the local Slack. Whatever it prints there is waited for, and whatever
// it has to complain about fails the test.
import bolt from '@slack/bolt';

const { App, HTTPReceiver, LogLevel, SocketModeReceiver } = bolt;
const { URL, BOT_TOKEN, APP_TOKEN, SIGNING_SECRET, PORT } = process.env;
const clientOptions = { slackApiUrl: URL };

const receiver = APP_TOKEN
  ? new SocketModeReceiver({ appToken: APP_TOKEN, installerOptions: { clientOptions }, logLevel: LogLevel.ERROR })
  : new HTTPReceiver({ signingSecret: SIGNING_SECRET, logLevel: LogLevel.ERROR, logger: quietAboutForgeries() });
const app = new App({ token: BOT_TOKEN, receiver, clientOptions, logLevel: LogLevel.ERROR });
app.error(async (err) => console.error(err));

// quietAboutForgeries is a log in which refused signatures are no complaint: the
// test makes one on purpose.
function quietAboutForgeries() {
  const none = () => {};
  return {
    debug: none, info: none, setLevel: none, setName: none, getLevel: () => LogLevel.ERROR,
    warn: (...words) => /signature/i.test(words.join(' ')) || console.error(...words),
    error: (...words) => /signature/i.test(words.join(' ')) || console.error(...words),
  };
}

const plain = (text) => ({ type: 'plain_text', text });
const section = (text) => ({ type: 'section', text: plain(text) });
const option = (text) => ({ text: plain(text), value: text.split(' ')[0].toLowerCase() });
const still = { unfurl_links: false, unfurl_media: false };

async function name(client, user) {
  return (await client.users.info({ user })).user.name;
}

app.command('/tea', async ({ command, ack, respond, client }) => {
  await ack();
  console.log(`${await name(client, command.user_id)} in ${command.channel_name} wants ${command.text}`);
  await respond({
    text: 'Which cup?', blocks: [section('Which cup?'), { type: 'actions', elements: [{ type: 'button', action_id: 'cup', value: 'blue', text: plain('Blue') }] }],
  });
  await respond({
    text: 'Sugar?', blocks: [section('Sugar?'), { type: 'actions', elements: [{ type: 'static_select', action_id: 'sugar', placeholder: plain('How much'), options: [option('none'), option('two')] }] }],
  });
});

app.action('cup', async ({ action, ack, respond }) => {
  await ack();
  console.log(`cup ${action.value}`);
  await respond({ replace_original: true, text: `The ${action.value} cup` });
});

app.action('sugar', async ({ action, ack }) => {
  await ack();
  console.log(`sugar ${action.selected_option.value}`);
});

const input = (label, element) => ({ type: 'input', block_id: label.toLowerCase(), label: plain(label), element: { action_id: label.toLowerCase(), ...element } });

app.command('/form', async ({ command, ack, client }) => {
  await ack();
  const { view } = await client.views.open({
    trigger_id: command.trigger_id,
    view: {
      type: 'modal', callback_id: 'form', title: plain('A form'), submit: plain('Send'), private_metadata: 'kept',
      blocks: [
        input('Name', { type: 'plain_text_input' }),
        input('Day', { type: 'datepicker' }),
        input('Hour', { type: 'timepicker' }),
        input('Helper', { type: 'users_select' }),
        input('Leaf', { type: 'external_select', min_query_length: 1 }),
        input('Size', { type: 'static_select', options: [option('small'), option('big')] }),
      ],
    },
  });
  if (!view.id || !view.hash) console.error('the opened view has no id or hash');
});

app.options('leaf', async ({ options, ack }) => {
  await ack({ options: [option(`Green ${options.value}`)] });
});

app.view('form', async ({ view, ack }) => {
  const it = Object.fromEntries(Object.entries(view.state.values).map(([block, v]) => [block, v[block]]));
  if (view.private_metadata !== 'kept') console.error('private_metadata is lost');
  if (it.name.value === 'nobody') {
    await ack({ response_action: 'errors', errors: { name: 'Who is nobody?' } });
    return;
  }
  const said = [it.name.value, it.day.selected_date, it.hour.selected_time, it.helper.selected_user, it.leaf.selected_option.value, it.size.selected_option.value];
  console.log(`form: ${said.join(' ')}`);
  await ack({ response_action: 'update', view: thanks('Thank you') });
});

const thanks = (words) => ({
  type: 'modal', callback_id: 'thanks', title: plain('A form'),
  blocks: [section(words), { type: 'actions', elements: [{ type: 'button', action_id: 'again', value: 'again', text: plain('Say it again') }] }],
});

app.action('again', async ({ body, ack, client }) => {
  await ack();
  await client.views.update({ view_id: body.view.id, hash: body.view.hash, view: thanks('Thank you again') });
});

app.message(async ({ message, say, client, context }) => {
  if (context.retryNum) console.log(`delivered again: ${context.retryNum}`);
  await say({ text: `${message.text}, ${await name(client, message.user)}`, ...still });
});

app.event('app_mention', async ({ event, say, client }) => {
  const words = event.text.replace(/<@\w+> /, '');
  if (words === 'card') {
    const card = await say({ text: 'a card', ...still });
    await client.chat.update({ channel: card.channel, ts: card.ts, text: 'a covered card' });
  } else if (words === 'psst') {
    await client.chat.postEphemeral({ channel: event.channel, user: event.user, text: 'psst' });
  } else {
    await say({ text: `${await name(client, event.user)} says: ${words}`, thread_ts: event.thread_ts, ...still });
  }
});

app.event('app_home_opened', async ({ event, client }) => {
  await client.views.publish({ user_id: event.user, view: { type: 'home', blocks: [section('Welcome home')] } });
});

app.shortcut('ask_about_this', async ({ shortcut, ack, client }) => {
  await ack();
  const { channel } = await client.conversations.open({ users: shortcut.user.id });
  await client.chat.postMessage({ channel: channel.id, text: `You mean: ${shortcut.message.text}`, ...still });
});

process.on('SIGINT', async () => {
  await app.stop();
  process.exit();
});

let connections = 0;
receiver.client?.on('connected', () => {
  if (++connections > 1) console.log('connected again');
});
await (PORT ? app.start({ port: Number(PORT), host: '127.0.0.1' }) : app.start());
console.log('started');
