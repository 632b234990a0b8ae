package tg.gouv.messagerie.deploy.command;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.SequencedMap;
import tg.gouv.messagerie.deploy.demo.ConnectionSheet;
import tg.gouv.messagerie.deploy.demo.ConnectionSheet.SheetAccount;
import tg.gouv.messagerie.deploy.demo.DemoPasswords;
import tg.gouv.messagerie.deploy.demo.DemoSheet;

/*
 * connection.json is there exactly while the demonstration can be used: a stale one is removed before anything starts, the
 * new one is written last, and again whenever a process id in it changes.
 */
/** What happens around a demonstration: its passwords, its State, its sheet, and the one screen that says where to connect. */
final class DemoScreen<R extends Running> implements Service.Occasion<R> {
    /** The State's first four: two people, the focal point, the administrator. The sheet has all of them. */
    private static final int ACCOUNTS_SHOWN = 4;

    private final Terminal terminal;
    private final Assembly<?, R> assembly;
    private final String host;
    private final SecureRandom random;
    private final long begun = System.nanoTime();

    DemoScreen(Terminal terminal, Assembly<?, R> assembly, String host, SecureRandom random) {
        this.terminal = terminal;
        this.assembly = assembly;
        this.host = host;
        this.random = random;
    }

    @Override
    public void begins(DataDirectory data) {
        data.remove(ConnectionSheet.FILE);
    }

    @Override
    public void ready(DataDirectory data, R program, Stages stages) {
        DemoPasswords passwords = DemoPasswords.of(data.lines(DemoPasswords.FILE), DemoSheet.addresses(), random);
        data.write(DemoPasswords.FILE, passwords.toText());
        assembly.populate(program, passwords, stages);
        List<SheetAccount> accounts = DemoSheet.accounts(passwords);
        program.onProcessChange(() -> write(data, program, accounts));
        write(data, program, accounts);
        show(data, program, accounts);
    }

    @Override
    public void over(DataDirectory data) {
        data.remove(ConnectionSheet.FILE);
    }

    private void write(DataDirectory data, R program, List<SheetAccount> accounts) {
        ConnectionSheet sheet = new ConnectionSheet(
                ConnectionSheet.FORMAT,
                DemoSheet.DOMAIN,
                host,
                program.authority().toString(),
                program.ports(),
                program.urls(host),
                DemoSheet.LDAP_BASE,
                program.processes(),
                accounts);
        data.write(ConnectionSheet.FILE, sheet.toJson());
    }

    private void show(DataDirectory data, R program, List<SheetAccount> accounts) {
        String took = StageScreen.seconds(
                        Duration.ofNanos(System.nanoTime() - begun),
                        terminal.texts().locale())
                .strip();
        terminal.say("demo.ready", took);
        accounts.stream()
                .limit(ACCOUNTS_SHOWN)
                .forEach(account -> terminal.say(
                        "demo.account",
                        padded(terminal.texts().text("demo.role." + DemoSheet.role(account)), 14),
                        padded(account.address(), 34),
                        terminal.interactive() ? account.password() : ""));
        terminal.say("demo.function", DemoSheet.FUNCTION, DemoSheet.OUTSIDE_MAILBOX);
        SequencedMap<String, Integer> ports = program.ports();
        Path sheet = data.path().resolve(ConnectionSheet.FILE);
        terminal.say(
                "demo.servers",
                host,
                String.valueOf(ports.get("imaps")),
                String.valueOf(ports.get("submissions")),
                String.valueOf(program.urls(host).get("portal")),
                shortened(program.authority()));
        terminal.say(terminal.interactive() ? "demo.sheet" : "demo.sheet.passwords", shortened(sheet));
        terminal.say(
                "demo.try",
                shortened(program.authority()),
                host,
                String.valueOf(ports.get("imaps")),
                accounts.getFirst().address());
        terminal.say("demo.end");
    }

    private static String shortened(Path path) {
        return Terminal.shortened(path, System.getenv());
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(Math.max(1, width - text.length()));
    }
}
