// Slack's own client against the local workspace. It connects, takes one slash
// command, posts a message and opens a modal, and then waits for the modal to
// be submitted. Each step is one line on stdout; anything unexpected ends it
// with a message on stderr and exit code 1.
import { SocketModeClient } from "@slack/socket-mode";
import { WebClient } from "@slack/web-api";

const slackApiUrl = process.env.LAB_API_URL;
const web = new WebClient(process.env.LAB_BOT_TOKEN, { slackApiUrl });
const socket = new SocketModeClient({
  appToken: process.env.LAB_APP_TOKEN,
  clientOptions: { slackApiUrl },
});

const say = (line) => process.stdout.write(`${line}\n`);
const fail = (why) => {
  process.stderr.write(`${why?.stack ?? why}\n`);
  process.exit(1);
};
process.on("unhandledRejection", fail);

const view = {
  type: "modal",
  callback_id: "ask",
  title: { type: "plain_text", text: "Ask" },
  submit: { type: "plain_text", text: "Ask" },
  blocks: [
    {
      type: "input",
      block_id: "who",
      label: { type: "plain_text", text: "Who" },
      element: { type: "plain_text_input", action_id: "name" },
    },
  ],
};

socket.on("slash_commands", async ({ ack, body }) => {
  try {
    await ack({ text: `heard ${body.text}` });
    const me = await web.auth.test();
    const posted = await web.chat.postMessage({
      channel: body.channel_id,
      text: `posted by ${me.user}`,
      blocks: [{ type: "section", text: { type: "mrkdwn", text: "*posted* <&>" } }],
    });
    await web.chat.update({ channel: posted.channel, ts: posted.ts, text: "updated", blocks: [] });
    await web.views.open({ trigger_id: body.trigger_id, view });
    say("opened");
  } catch (why) {
    fail(why);
  }
});

socket.on("interactive", async ({ ack, body }) => {
  try {
    await ack();
    if (body.type === "view_submission") {
      say(`submitted ${body.view.state.values.who.name.value}`);
      await socket.disconnect();
      process.exit(0);
    }
  } catch (why) {
    fail(why);
  }
});

socket.on("connected", () => say("connected"));
socket.start().catch(fail);
