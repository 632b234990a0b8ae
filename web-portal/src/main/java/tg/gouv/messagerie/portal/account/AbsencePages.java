package tg.gouv.messagerie.portal.account;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import tg.gouv.messagerie.mail.Absences;
import tg.gouv.messagerie.mail.Absences.Absence;
import tg.gouv.messagerie.portal.pages.Reply;
import tg.gouv.messagerie.portal.pages.Route;
import tg.gouv.messagerie.portal.pages.Route.Access;
import tg.gouv.messagerie.portal.pages.Shell;
import tg.gouv.messagerie.portal.pages.Visit;
import tg.gouv.messagerie.portal.templates.StaticTemplates;

/** What who writes is told in an absence: those of the State one text, others another or nothing; from a day to a day. */
public final class AbsencePages {
    private static final String PLACE = "/compte/absence";

    /** More than anybody reads. */
    private static final int TEXT_MAX = 10_000;

    /** Whoever is away for longer has left. */
    private static final int YEARS_MAX = 5;

    private final Absences absences;
    private final InstantSource clock;
    private final StaticTemplates templates = new StaticTemplates();

    AbsencePages(Absences absences, InstantSource clock) {
        this.absences = absences;
        this.clock = clock;
    }

    /**
     * What the form is filled with.
     *
     * @param from as a field of type {@code date} writes it, or nothing
     * @param until the last day, the same
     */
    public record Away(String inside, String outside, String from, String until) {}

    List<Route> routes() {
        return List.of(
                Route.get(PLACE, Access.SIGNED_IN, AbsencePages.class, this::show),
                Route.post(PLACE, Access.SIGNED_IN, AbsencePages.class, this::set),
                Route.get(PLACE + "/arreter", Access.SIGNED_IN, AbsencePages.class, _ -> Reply.to(PLACE)),
                Route.post(PLACE + "/arreter", Access.SIGNED_IN, AbsencePages.class, this::stop));
    }

    private Reply show(Visit visit) {
        Absence absence = absences.of(visit.account());
        ZoneId zone = zone(visit);
        // What is over is not proposed again.
        boolean over =
                absence.until().filter(it -> !it.isAfter(clock.instant())).isPresent();
        Away filled = new Away(
                absence.inside(),
                absence.outside().orElse(""),
                absence.from().filter(_ -> !over).map(it -> day(it, zone)).orElse(""),
                absence.until()
                        .filter(_ -> !over)
                        .map(it -> day(it.minusNanos(1), zone))
                        .orElse(""));
        return page(200, visit, absence, filled, "");
    }

    private static String day(Instant moment, ZoneId zone) {
        return moment.atZone(zone).toLocalDate().toString();
    }

    private Reply page(int status, Visit visit, Absence absence, Away filled, String wrong) {
        return Reply.page(
                status,
                templates.accountAbsence(
                        visit.shell(),
                        now(absence, visit.shell()),
                        absence.on(),
                        absences.answeringFilter(visit.account()).orElse(""),
                        filled,
                        wrong));
    }

    /** What whoever writes is told at this moment. */
    private String now(Absence absence, Shell shell) {
        Instant now = clock.instant();
        if (!absence.on()) {
            return shell.text("absence.now-off");
        }
        if (absence.until().filter(it -> !it.isAfter(now)).isPresent()) {
            return shell.text("absence.now-over", shell.moment(absence.until().get()));
        }
        Optional<Instant> later = absence.from().filter(it -> it.isAfter(now));
        String when = later.map(it -> shell.text("absence.now-later", shell.moment(it)))
                .orElseGet(() -> shell.text("absence.now-on"));
        String end = absence.until()
                .map(it -> shell.text("absence.now-until", shell.moment(it)))
                .orElseGet(() -> shell.text("absence.now-endless"));
        String whom = shell.text(absence.outside().isPresent() ? "absence.now-everybody" : "absence.now-inside");
        return when + " " + end + " " + whom;
    }

    private Reply set(Visit visit) {
        String inside = visit.form().text("interne").strip();
        String outside = visit.form().text("externe").strip();
        Away filled =
                new Away(inside, outside, visit.form().line("du"), visit.form().line("au"));
        if (inside.isEmpty()) {
            return again(visit, filled, "absence.no-text");
        }
        if (inside.length() > TEXT_MAX || outside.length() > TEXT_MAX) {
            return again(visit, filled, "absence.too-long");
        }
        LocalDate today = LocalDate.ofInstant(clock.instant(), zone(visit));
        Optional<LocalDate> from;
        Optional<LocalDate> until;
        try {
            from = visit.form().given("du").map(LocalDate::parse);
            until = visit.form().given("au").map(LocalDate::parse);
        } catch (DateTimeException _) {
            return again(visit, filled, "absence.bad-date");
        }
        if (from.filter(it -> isFar(it, today)).isPresent()
                || until.filter(it -> isFar(it, today)).isPresent()) {
            return again(visit, filled, "absence.far-date");
        }
        if (from.isPresent() && until.isPresent() && until.get().isBefore(from.get())) {
            return again(visit, filled, "absence.reversed");
        }
        if (until.filter(it -> it.isBefore(today)).isPresent()) {
            return again(visit, filled, "absence.past");
        }
        Absence absence = new Absence(
                true,
                from.map(it -> it.atStartOfDay(zone(visit)).toInstant()),
                until.map(it -> it.plusDays(1).atStartOfDay(zone(visit)).toInstant()),
                inside,
                Optional.of(outside).filter(it -> !it.isEmpty()));
        return absences.set(visit.account(), absence, zone(visit))
                ? Reply.to(PLACE + "?fait=absence-set")
                : again(visit, filled, "absence.too-long");
    }

    private static boolean isFar(LocalDate day, LocalDate today) {
        return day.isAfter(today.plusYears(YEARS_MAX)) || day.isBefore(today.minusYears(YEARS_MAX));
    }

    private Reply again(Visit visit, Away filled, String wrong) {
        return page(
                422, visit, absences.of(visit.account()), filled, visit.shell().text(wrong));
    }

    private Reply stop(Visit visit) {
        absences.stop(visit.account()); // two tabs: it may be off already
        return Reply.to(PLACE + "?fait=absence-stopped");
    }

    private static ZoneId zone(Visit visit) {
        return visit.shell().site().zone();
    }
}
