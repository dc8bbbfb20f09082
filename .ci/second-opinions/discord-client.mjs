// A bot of discord.js's that does a little of everything; clients_test.go starts
// it against the local Discord. Whatever it prints there is waited for, and
// whatever it has to complain about fails the test.
import {
  ActionRowBuilder, ApplicationCommandOptionType as Kind, ApplicationCommandType, AttachmentBuilder, ButtonBuilder, ButtonStyle, Client, EmbedBuilder, Events,
  GatewayIntentBits, LabelBuilder, MessageFlags, ModalBuilder, Partials, StringSelectMenuBuilder, TextInputBuilder, TextInputStyle,
} from 'discord.js';

const client = new Client({
  intents: [GatewayIntentBits.Guilds, GatewayIntentBits.GuildMessages, GatewayIntentBits.DirectMessages],
  partials: [Partials.Channel],
  rest: { api: process.env.URL + '/api' },
  allowedMentions: { parse: [] },
});
client.on('error', (err) => console.error(err));
client.on('warn', (words) => console.error(words));
client.on(Events.ShardResume, () => console.log('resumed'));
process.on('unhandledRejection', (err) => console.error(err));
process.on('SIGINT', async () => {
  await client.destroy();
  process.exit();
});

const commands = [
  {
    name: 'tea', description: 'Tea', options: [{
      name: 'make', description: 'Make tea', type: Kind.Subcommand, options: [
        { name: 'leaf', description: 'Which leaf', type: Kind.String, required: true, autocomplete: true },
        { name: 'cups', description: 'How many', type: Kind.Integer },
        { name: 'hot', description: 'Hot or not', type: Kind.Boolean },
        { name: 'guest', description: 'For whom', type: Kind.User },
        { name: 'where', description: 'In which channel', type: Kind.Channel },
      ],
    }],
  },
  { name: 'slow', description: 'An answer that takes its time' },
  { name: 'form', description: 'A form' },
  { name: 'Ask about this', type: ApplicationCommandType.Message },
];

let readies = 0;
client.on(Events.ClientReady, async () => {
  await client.application.commands.set(commands);
  const known = await client.application.commands.fetch();
  if (known.size !== commands.length) console.error(`${known.size} commands are registered`);
  console.log(`ready as ${client.user.username}`);
});
client.on(Events.ShardReady, () => {
  if (++readies > 1) console.log('signed in anew');
});

const row = (...parts) => new ActionRowBuilder().addComponents(...parts);

async function tea(i) {
  const o = i.options;
  console.log(`${i.user.globalName} in ${i.guild.name} wants ${o.getString('leaf')}, ${o.getInteger('cups')} cups, hot ${o.getBoolean('hot')}, for ${o.getUser('guest').globalName} in ${o.getChannel('where').name}`);
  const card = new EmbedBuilder().setTitle(`Tea: ${o.getString('leaf')}`).setFields({ name: 'size', value: `${o.getInteger('cups')} cups` }).setFooter({ text: 'for maya' });
  await i.reply({
    content: 'Just a moment', flags: MessageFlags.Ephemeral,
  });
  await i.editReply({
    content: 'Which cup?', embeds: [card],
    components: [row(new ButtonBuilder().setCustomId('c:/cup blue').setLabel('Blue').setStyle(ButtonStyle.Primary))],
  });
  await i.followUp({
    content: 'Sugar?', flags: MessageFlags.Ephemeral,
    components: [row(new StringSelectMenuBuilder().setCustomId('s:/sugar').addOptions({ label: 'None', value: 'none' }, { label: 'Two', value: 'two' }))],
  });
}

client.on(Events.InteractionCreate, async (i) => {
  try {
    if (i.isAutocomplete()) {
      await i.respond([{ name: `Green ${i.options.getFocused()}`, value: 'green' }]);
    } else if (i.isChatInputCommand() && i.commandName === 'tea') {
      await tea(i);
    } else if (i.isChatInputCommand() && i.commandName === 'slow') {
      await i.deferReply({ flags: MessageFlags.Ephemeral });
      await i.editReply('Here it is');
    } else if (i.isChatInputCommand() && i.commandName === 'form') {
      await i.showModal(new ModalBuilder().setCustomId('f:form').setTitle('A form').addLabelComponents(
        new LabelBuilder().setLabel('Name').setTextInputComponent(new TextInputBuilder().setCustomId('name').setStyle(TextInputStyle.Short)),
        new LabelBuilder().setLabel('Leaf').setStringSelectMenuComponent(
          new StringSelectMenuBuilder().setCustomId('leaf').addOptions({ label: 'Green', value: 'green' }, { label: 'Black', value: 'black' })),
      ));
    } else if (i.isModalSubmit()) {
      const name = i.fields.getTextInputValue('name');
      console.log(`form: ${name}, ${i.fields.getStringSelectValues('leaf').join()}`);
      const sent = await i.reply({ content: `Thank you, ${name}`, flags: MessageFlags.Ephemeral, withResponse: true });
      if (sent.resource?.message?.content !== `Thank you, ${name}`) console.error('the answer that was asked for with the callback is not there');
    } else if (i.isMessageContextMenuCommand()) {
      await i.reply({ content: `You mean: ${i.targetMessage.content}`, flags: MessageFlags.Ephemeral });
    } else if (i.isButton()) {
      await i.update({ content: `The ${i.customId.split(' ')[1]} cup`, components: [] });
    } else if (i.isStringSelectMenu()) {
      console.log(`sugar ${i.values.join()}`);
      await i.deferUpdate();
      await i.editReply({ content: `Sugar: ${i.values.join()}`, components: [] });
    }
  } catch (err) {
    console.error(err);
  }
});

client.on(Events.MessageCreate, async (m) => {
  try {
    if (m.author.bot) return;
    if (m.channel.isDMBased()) {
      console.log(`${m.author.globalName} writes ${m.content}`);
      await m.reply({ content: `hello, ${m.author.globalName}`, files: [new AttachmentBuilder(Buffer.from('tea'), { name: 'tea.txt' })] });
    } else if (m.mentions.users.has(client.user.id)) {
      const channel = await client.channels.fetch(m.channelId, { force: true });
      const card = await channel.send({ content: 'a card', nonce: m.id.slice(-10), enforceNonce: true });
      await card.edit('a covered card');
    }
  } catch (err) {
    console.error(err);
  }
});

await client.login(process.env.TOKEN);
