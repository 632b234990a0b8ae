package tg.gouv.messagerie.deploy.command;

import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.CountDownLatch;
import tg.gouv.messagerie.directory.Directory;
import tg.gouv.messagerie.directory.access.AccessLedger;
import tg.gouv.messagerie.directory.access.PartLedger;
import tg.gouv.messagerie.directory.activation.ActivationCodes;
import tg.gouv.messagerie.directory.help.HelpDesk;
import tg.gouv.messagerie.directory.imports.Imports;
import tg.gouv.messagerie.directory.letters.LetterSettings;
import tg.gouv.messagerie.directory.personal.PersonalArchives;
import tg.gouv.messagerie.directory.provisioning.PeopleIndex;
import tg.gouv.messagerie.directory.provisioning.Provisioning;
import tg.gouv.messagerie.directory.provisioning.Register;
import tg.gouv.messagerie.directory.rights.Rights;
import tg.gouv.messagerie.directory.signin.DevicePasswords;
import tg.gouv.messagerie.directory.signin.SecondFactors;
import tg.gouv.messagerie.directory.signin.Sessions;
import tg.gouv.messagerie.mail.queue.OperatedQueue;
import tg.gouv.messagerie.mail.trace.TracedMail;

/** A program without parts, run as a process of its own by the tests of what surrounds a program. */
final class Specimen implements Running {
    /** How the specimen behaves when it is told to. */
    enum Manner {
        STARTS_SLOWLY,
        STOPS_SLOWLY,
        /** It ends as soon as it is ready. */
        REHEARSES
    }

    private final List<Manner> manners;
    private final SpecimenRoutes routes = new SpecimenRoutes();

    Specimen(List<Manner> manners) {
        this.manners = manners;
        if (manners.contains(Manner.STARTS_SLOWLY)) {
            waitForEver();
        }
    }

    /** Runs a specimen: its data directory, then its manners. */
    public static void main(String[] arguments) {
        Terminal terminal = new Terminal(System.out, System.err, false, Texts.in(Locale.FRENCH));
        List<Manner> manners =
                Arrays.stream(arguments).skip(1).map(Manner::valueOf).toList();
        try (DataDirectory data = DataDirectory.take(Path.of(arguments[0]), DataDirectory.Purpose.DEMO)) {
            new Service<Specimen>(
                            terminal, Clock.systemUTC(), Duration.ofSeconds(2), manners.contains(Manner.REHEARSES))
                    .run(data, _ -> new Specimen(manners), new Announced(System.out));
        } catch (Refusal e) {
            terminal.complain(e.sentence(terminal.texts()));
            System.exit(e.status().number());
        }
        System.exit(0);
    }

    @Override
    public SequencedMap<String, Integer> ports() {
        return new LinkedHashMap<>(Map.of("imaps", 5993));
    }

    @Override
    public SequencedMap<String, String> urls(String host) {
        return new LinkedHashMap<>();
    }

    @Override
    public SequencedMap<String, Long> processes() {
        return new LinkedHashMap<>(Map.of("messagerie", ProcessHandle.current().pid()));
    }

    @Override
    public void onProcessChange(Runnable callback) {}

    @Override
    public Path authority() {
        return Path.of("ca.pem");
    }

    @Override
    public SequencedMap<String, Boolean> health() {
        return new LinkedHashMap<>(Map.of("database", true));
    }

    @Override
    public SpecimenRoutes routes() {
        return routes;
    }

    @Override
    public Directory directory() {
        throw new IllegalStateException("a specimen has no directory");
    }

    @Override
    public Provisioning provisioning() {
        throw new IllegalStateException("a specimen has no directory");
    }

    @Override
    public LetterSettings letters() {
        return LetterSettings.byDefault();
    }

    @Override
    public ActivationCodes activationCodes() {
        throw new IllegalStateException("a specimen has no directory");
    }

    @Override
    public Register register() {
        throw new IllegalStateException("a specimen has no directory");
    }

    @Override
    public Imports imports() {
        throw new IllegalStateException("a specimen has no directory");
    }

    @Override
    public PersonalArchives archives() {
        throw new IllegalStateException("a specimen has no directory");
    }

    @Override
    public Rights rights() {
        throw new IllegalStateException("a specimen has no directory");
    }

    @Override
    public DevicePasswords devicePasswords() {
        throw new IllegalStateException("a specimen has no directory");
    }

    @Override
    public Sessions sessions() {
        throw new IllegalStateException("a specimen has no directory");
    }

    @Override
    public SecondFactors secondFactors() {
        throw new IllegalStateException("a specimen has no directory");
    }

    @Override
    public AccessLedger ledger() {
        throw new IllegalStateException("a specimen has no directory");
    }

    @Override
    public PartLedger partLedger() {
        throw new IllegalStateException("a specimen has no directory");
    }

    @Override
    public HelpDesk helpDesk() {
        throw new IllegalStateException("a specimen has no directory");
    }

    @Override
    public PeopleIndex people() {
        throw new IllegalStateException("a specimen has no directory");
    }

    @Override
    public RunningAdministrators administrators() {
        throw new IllegalStateException("a specimen has no directory");
    }

    @Override
    public SequencedMap<Figure, Long> figures() {
        return new LinkedHashMap<>(Map.of(Figure.ACCOUNTS, 22L));
    }

    @Override
    public TracedMail traces() {
        throw new IllegalStateException("a specimen has no mail");
    }

    @Override
    public OperatedQueue queue() {
        throw new IllegalStateException("a specimen has no mail");
    }

    @Override
    public void ordered(String systemUser, String order, boolean obeyed) {
        System.out.println(systemUser + (obeyed ? " ordered " : " was refused ") + order);
    }

    @Override
    public void close() {
        if (manners.contains(Manner.STOPS_SLOWLY)) {
            waitForEver();
        }
    }

    private static void waitForEver() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** Prints a word at each turn of the program's life. */
    private record Announced(PrintStream out) implements Service.Occasion<Specimen> {
        @Override
        public void begins(DataDirectory data) {
            out.println("begins");
        }

        @Override
        public void ready(DataDirectory data, Specimen program, Stages stages) {
            out.println("ready");
        }

        @Override
        public void over(DataDirectory data) {
            out.println("over");
        }
    }
}
