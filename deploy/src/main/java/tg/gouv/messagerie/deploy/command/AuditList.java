package tg.gouv.messagerie.deploy.command;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tg.gouv.messagerie.platform.audit.AuditReader;
import tg.gouv.messagerie.platform.settings.Settings;

/**
 * {@code audit list}: the last rows of the audit trail, a line each.
 *
 * @param <S> the program's settings
 */
@Command(name = "list")
final class AuditList<S extends Record> implements Callable<Integer> {
    private static final int LINES_MAX = 100_000;

    private final Terminal terminal;
    private final Assembly<S, ?> assembly;

    @Mixin
    private final Target target;

    @Option(names = "--actor", paramLabel = "ACTOR", descriptionKey = "audit.actor")
    private Optional<String> actor = Optional.empty();

    @Option(names = "--since", paramLabel = "TIME", descriptionKey = "audit.since")
    private Optional<String> since = Optional.empty();

    @Option(names = "--max", paramLabel = "N", descriptionKey = "audit.max")
    private int most = 100;

    AuditList(Terminal terminal, Assembly<S, ?> assembly) {
        this.terminal = terminal;
        this.assembly = assembly;
        this.target = new Target(assembly);
    }

    @Override
    public Integer call() {
        Optional<Instant> from = since.map(AuditList::time);
        if (most < 1 || most > LINES_MAX) {
            throw new Refusal(ExitStatus.USAGE, "audit.not-a-number", String.valueOf(most), String.valueOf(LINES_MAX));
        }
        S settings = Settings.read(target.settings(), assembly.settings()).value();
        try (AuditReader reader = assembly.auditReader(settings)) {
            reader.list(actor, from, most).forEach(terminal.out()::println);
        }
        terminal.out().flush();
        return ExitStatus.OK.number();
    }

    /** A moment, or the beginning of a day where the reader is. */
    private static Instant time(String written) {
        try {
            return written.indexOf('T') >= 0
                    ? Instant.parse(written)
                    : LocalDate.parse(written)
                            .atStartOfDay(ZoneId.systemDefault())
                            .toInstant();
        } catch (DateTimeException e) {
            throw new Refusal(ExitStatus.USAGE, "audit.not-a-time", written);
        }
    }
}
