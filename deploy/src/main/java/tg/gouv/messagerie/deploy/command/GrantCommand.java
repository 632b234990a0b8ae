package tg.gouv.messagerie.deploy.command;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tg.gouv.messagerie.directory.rights.Right;

/** {@code grant}: gives a person, or whoever holds a position, rights in a part of the State. */
@Command(name = "grant")
final class GrantCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final Target target;

    @Parameters(paramLabel = "PERSON", arity = "0..1", descriptionKey = "grant.person")
    private Optional<String> person = Optional.empty();

    @Option(names = "--position", paramLabel = "POSITION", descriptionKey = "grant.position")
    private Optional<String> position = Optional.empty();

    @Option(names = "--right", required = true, split = ",", paramLabel = "RIGHT", descriptionKey = "grant.right")
    private List<String> rights = new ArrayList<>();

    @Option(names = "--entity", paramLabel = "ENTITY", descriptionKey = "grant.entity")
    private Optional<String> entity = Optional.empty();

    @Option(names = "--whole-state", descriptionKey = "grant.whole-state")
    private boolean wholeState;

    @Option(names = "--accounts-max", paramLabel = "NUMBER", descriptionKey = "grant.accounts-max")
    private Optional<Integer> accountsMax = Optional.empty();

    @Option(names = "--from", paramLabel = "DATE", descriptionKey = "grant.from")
    private Optional<LocalDate> from = Optional.empty();

    @Option(names = "--until", paramLabel = "DATE", descriptionKey = "grant.until")
    private Optional<LocalDate> until = Optional.empty();

    GrantCommand(Terminal terminal, Assembly<?, ?> assembly) {
        this.terminal = terminal;
        this.target = new Target(assembly);
    }

    @Override
    public Integer call() {
        if (person.isPresent() == position.isPresent()) {
            throw new Refusal(ExitStatus.USAGE, "grant.who");
        }
        if (entity.isPresent() == wholeState) {
            throw new Refusal(ExitStatus.USAGE, "grant.where");
        }
        if (accountsMax.isPresent() && (wholeState || accountsMax.get() < 0)) {
            throw new Refusal(ExitStatus.USAGE, "grant.budget");
        }
        ControlAnswer.Granted granted = new ControlClient(target.data())
                .ask(
                        new ControlRequest.Grant(
                                person.map(Named::address),
                                position.map(Named::position),
                                read(rights),
                                entity.map(Named::entity),
                                accountsMax.map(OptionalInt::of).orElse(OptionalInt.empty()),
                                from.map(GrantCommand::begins),
                                until.map(GrantCommand::ends)),
                        ControlAnswer.Granted.class);
        terminal.say("grant.done", granted.id().toString());
        return ExitStatus.OK.number();
    }

    private static Set<Right> read(List<String> words) {
        Set<Right> read = EnumSet.noneOf(Right.class);
        for (String word : words) {
            try {
                read.add(Right.of(word.strip()));
            } catch (IllegalArgumentException _) {
                throw new Refusal(ExitStatus.USAGE, "grant.unknown", Terminal.printable(word));
            }
        }
        return read;
    }

    private static Instant begins(LocalDate day) {
        return day.atStartOfDay(ZoneId.systemDefault()).toInstant();
    }

    /** When a day is over here. */
    static Instant ends(LocalDate day) {
        return begins(day.plusDays(1));
    }
}
