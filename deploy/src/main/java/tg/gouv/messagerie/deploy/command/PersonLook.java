package tg.gouv.messagerie.deploy.command;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tg.gouv.messagerie.directory.help.HelpDesk;
import tg.gouv.messagerie.directory.help.PersonStates.PersonState;
import tg.gouv.messagerie.directory.help.PersonStates.Waiting;

/** {@code person state}: how a person's account is, never what is in it; that an operator looks is told to its owner. */
@Command(name = "state")
final class PersonLook implements Callable<Integer> {
    private static final long MEGABYTE = 1024 * 1024;

    private final Terminal terminal;

    @Mixin
    private final Target target;

    @Parameters(paramLabel = "PERSON", descriptionKey = "life.person")
    private String person = "";

    PersonLook(Terminal terminal, Assembly<?, ?> assembly) {
        this.terminal = terminal;
        this.target = new Target(assembly);
    }

    @Override
    public Integer call() {
        HelpDesk.Seen seen = new ControlClient(target.data())
                .ask(new ControlRequest.PersonState(Named.address(person)), ControlAnswer.Seen.class)
                .seen();
        PersonState account = seen.account();
        terminal.say("state." + account.state());
        terminal.say("state.password", time(account.passwordSince()));
        terminal.say("state.sign-in", time(account.lastSignIn()));
        terminal.say("state.wrong", String.valueOf(account.wrongSecrets()));
        for (Waiting each : account.waiting()) {
            terminal.say(
                    "state.waiting",
                    each.network(),
                    String.valueOf(each.wrongSecrets()),
                    QueueLines.time(each.until()));
        }
        terminal.say(
                "state.factor",
                time(account.secondFactorSince()),
                String.valueOf(account.wrongCodes()),
                time(account.codesClosedUntil()));
        terminal.say("state.devices", String.valueOf(account.devices()), String.valueOf(account.sessions()));
        terminal.say("state.code", time(account.activationCodeUntil()));
        terminal.say(
                "state.mail",
                String.valueOf(seen.usage().bytes() / MEGABYTE),
                megabytes(seen.usage().bytesMax()),
                String.valueOf(seen.usage().messages()),
                seen.usage().messagesMax().isPresent()
                        ? String.valueOf(seen.usage().messagesMax().getAsLong())
                        : "-");
        return ExitStatus.OK.number();
    }

    private static String time(Optional<Instant> at) {
        return at.map(QueueLines::time).orElse("-");
    }

    private static String megabytes(OptionalLong bytes) {
        return bytes.isPresent() ? String.valueOf(bytes.getAsLong() / MEGABYTE) : "-";
    }
}
