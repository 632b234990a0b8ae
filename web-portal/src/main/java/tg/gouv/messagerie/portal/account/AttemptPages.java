package tg.gouv.messagerie.portal.account;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import tg.gouv.messagerie.directory.access.AccessLedger;
import tg.gouv.messagerie.directory.signin.DevicePasswords;
import tg.gouv.messagerie.directory.signin.DevicePasswords.Device;
import tg.gouv.messagerie.directory.signin.SignIns.Protocol;
import tg.gouv.messagerie.platform.audit.AuditAbout.Told;
import tg.gouv.messagerie.platform.help.HelpCode;
import tg.gouv.messagerie.portal.pages.Reply;
import tg.gouv.messagerie.portal.pages.Route;
import tg.gouv.messagerie.portal.pages.Route.Access;
import tg.gouv.messagerie.portal.pages.Shell;
import tg.gouv.messagerie.portal.pages.Visit;
import tg.gouv.messagerie.portal.templates.StaticTemplates;

/**
 * What this server saw of one's own programs lately, and why it let one not in: only the owner is told, for the answer to the program is
 * the same to everybody. It is the audit trail that tells it, so a sign-in pays nothing for it.
 */
public final class AttemptPages {
    private static final int ROWS_MAX = 300;
    private static final int SHOWN_MAX = 20;
    private static final Duration LATELY = Duration.ofDays(7);

    private final AccessLedger ledger;
    private final DevicePasswords devices;
    private final InstantSource clock;
    private final StaticTemplates templates = new StaticTemplates();

    AttemptPages(AccessLedger ledger, DevicePasswords devices, InstantSource clock) {
        this.ledger = ledger;
        this.devices = devices;
        this.clock = clock;
    }

    /**
     * What was seen.
     *
     * @param what the program wanted, in words
     * @param seen what the server saw, as a sentence
     * @param advice what to do, as a sentence; empty if all is well
     * @param help number of the help page that says more; empty if there is none
     */
    public record Attempt(
            Instant last, long times, String what, String network, String seen, String advice, String help) {}

    List<Route> routes() {
        return List.of(Route.get("/compte/appareils/essai", Access.SIGNED_IN, AttemptPages.class, this::show));
    }

    private Reply show(Visit visit) {
        Map<String, Device> known = devices.of(visit.account()).stream()
                .collect(Collectors.toMap(it -> it.id().toString(), Function.identity()));
        Instant since = clock.instant().minus(LATELY);
        List<Attempt> attempts = new ArrayList<>();
        Set<String> told = new HashSet<>();
        for (AccessLedger.Entry entry : ledger.own(visit.account(), OptionalLong.empty(), ROWS_MAX)) {
            Told row = entry.row();
            Optional<Protocol> protocol = row.protocol().flatMap(AttemptPages::ofPrograms);
            if (row.act().equals("sign-in")
                    && protocol.isPresent()
                    && row.ended().isAfter(since)
                    && attempts.size() < SHOWN_MAX
                    && told.add(
                            protocol.get() + row.outcome() + row.counterpart().orElse(""))) {
                attempts.add(new Reading(visit.shell(), row, protocol.get(), known).attempt());
            }
        }
        return Reply.page(templates.accountAttempts(visit.shell(), attempts));
    }

    /** Of programs alone: pages say themselves what is wrong. */
    private static Optional<Protocol> ofPrograms(String word) {
        for (Protocol protocol : Protocol.values()) {
            if (protocol.name().equals(word.toUpperCase(Locale.ROOT))
                    && protocol != Protocol.WEB
                    && protocol != Protocol.ACTIVATION) {
                return Optional.of(protocol);
            }
        }
        return Optional.empty();
    }

    /** What a row of the trail says to its owner. */
    private record Reading(Shell shell, Told row, Protocol protocol, Map<String, Device> known) {
        private static final String DEVICE = "device:";
        private static final String SECRET = "secret:";

        Attempt attempt() {
            String kind = kind();
            String name = device().map(Device::name).orElseGet(() -> shell.text("attempt.gone-device"));
            String advice = "attempt." + kind + ".do";
            return new Attempt(
                    row.ended(),
                    row.times(),
                    shell.text("protocol." + protocol.name()),
                    row.network().orElse(""),
                    shell.text("attempt." + kind, name),
                    shell.has(advice) ? shell.text(advice) : "",
                    help(kind));
        }

        private Optional<Device> device() {
            return row.counterpart()
                    .filter(it -> it.startsWith(DEVICE))
                    .flatMap(it -> Optional.ofNullable(known.get(it.substring(DEVICE.length()))));
        }

        private String kind() {
            boolean byDevice =
                    row.counterpart().filter(it -> it.startsWith(DEVICE)).isPresent();
            return switch (row.outcome()) {
                case "done" -> byDevice ? "done-device" : "done";
                case "throttled" -> "throttled";
                case "busy" -> "busy";
                default -> byDevice ? ofDevice() : ofSecret();
            };
        }

        /** The password of a device was right, and opened nothing. */
        private String ofDevice() {
            return device().filter(it -> it.protocols().contains(protocol)).isPresent() ? "function" : "device-not-for";
        }

        private String ofSecret() {
            String secret = row.counterpart()
                    .filter(it -> it.startsWith(SECRET))
                    .map(it -> it.substring(SECRET.length()))
                    .orElse("");
            return switch (secret) {
                case "main-password", "unknown-device" -> secret;
                default -> secret.startsWith("token") ? "token" : "refused";
            };
        }

        private static String help(String kind) {
            return switch (kind) {
                case "done", "done-device" -> "";
                case "throttled" -> HelpCode.TOO_MANY_ATTEMPTS.number();
                case "busy" -> HelpCode.SIGN_IN_LATER.number();
                default -> HelpCode.WRONG_SECRET.number();
            };
        }
    }
}
