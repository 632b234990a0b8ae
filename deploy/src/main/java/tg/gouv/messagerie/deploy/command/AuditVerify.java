package tg.gouv.messagerie.deploy.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tg.gouv.messagerie.platform.audit.AuditReader;
import tg.gouv.messagerie.platform.audit.Fault;
import tg.gouv.messagerie.platform.audit.Verdict;
import tg.gouv.messagerie.platform.settings.Settings;

/**
 * {@code audit verify}: does every row of the audit trail fit, and do its heads, here and outside of this machine? Names the
 * first that does not, and ends with 65.
 *
 * @param <S> the program's settings
 */
@Command(name = "verify")
final class AuditVerify<S extends Record> implements Callable<Integer> {
    private final Terminal terminal;
    private final Assembly<S, ?> assembly;

    @Mixin
    private final Target target;

    @Option(names = "--heads", paramLabel = "DIR", descriptionKey = "audit.heads")
    private Optional<Path> heads = Optional.empty();

    AuditVerify(Terminal terminal, Assembly<S, ?> assembly) {
        this.terminal = terminal;
        this.assembly = assembly;
        this.target = new Target(assembly);
    }

    @Override
    public Integer call() {
        S settings = Settings.read(target.settings(), assembly.settings()).value();
        Optional<Path> outside = heads.or(() -> assembly.auditHeads(settings));
        try (AuditReader reader = assembly.auditReader(settings)) {
            return switch (reader.verify(outside)) {
                case Verdict.Sound sound -> sound(sound);
                case Verdict.Broken broken -> broken(broken);
            };
        } catch (IOException e) {
            throw new Refusal(
                    ExitStatus.NO_INPUT,
                    "audit.heads-unreadable",
                    outside.map(Path::toString).orElse(""),
                    e.toString());
        }
    }

    private int sound(Verdict.Sound sound) {
        terminal.say("audit.sound", sound.rows(), sound.heads());
        terminal.say("audit.chain", sound.chain().toString(), sound.link());
        sound.keys().forEach(key -> terminal.say("audit.key", key));
        sound.outside()
                .ifPresentOrElse(count -> terminal.say("audit.outside", count), () -> terminal.say("audit.alone"));
        if (sound.unreadable() > 0) {
            terminal.say("audit.unreadable", sound.unreadable());
        }
        if (sound.unsealed() > 0) {
            terminal.say("audit.unsealed", sound.unsealed());
        }
        return ExitStatus.OK.number();
    }

    private int broken(Verdict.Broken broken) {
        terminal.complain(sentence(broken.fault()));
        terminal.complain(terminal.texts().text("audit.fits", broken.rows()));
        return ExitStatus.DATA.number();
    }

    private String sentence(Fault fault) {
        return switch (fault) {
            case Fault.RowAltered row ->
                text(
                        "row-altered",
                        number(row.number()),
                        row.id().toString(),
                        row.act(),
                        row.began().toString());
            case Fault.RowMissing row -> text("row-missing", number(row.number()));
            case Fault.TailMissing tail ->
                text("tail-missing", number(tail.firstMissing()), number(tail.lastKnownOutside()));
            case Fault.RowsBehindTheEnd rows -> text("rows-behind-the-end", number(rows.end()));
            case Fault.HeadMissing head -> text("head-missing", number(head.number()));
            case Fault.HeadForged head -> text("head-forged", number(head.number()));
            case Fault.HeadDiffers head -> text("head-differs", number(head.number()), number(head.lastGood() + 1));
            case Fault.OutsideHeadForged head -> text("outside-head-forged", number(head.number()));
            case Fault.OutsideHeadDiffers head ->
                text("outside-head-differs", number(head.number()), number(head.lastGood() + 1));
            case Fault.OutsideHeadsMissing heads ->
                text("outside-heads-missing", number(heads.lastThere()), number(heads.lastBrought()));
            case Fault.KeyUnknownOutside head -> text("key-unknown-outside", number(head.number()));
            case Fault.ChainMissing() -> text("chain-missing");
        };
    }

    private String text(String fault, Object... values) {
        return terminal.texts().text("audit.fault." + fault, values);
    }

    /** A row's number is its name: no language groups its digits. */
    private static String number(long number) {
        return Long.toString(number);
    }
}
