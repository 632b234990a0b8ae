package tg.gouv.messagerie.portal.account;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.mail.Forwards;
import tg.gouv.messagerie.mail.Forwards.Forward;
import tg.gouv.messagerie.mail.Forwards.Now;
import tg.gouv.messagerie.mail.Forwards.Outcome;
import tg.gouv.messagerie.portal.pages.PageRefused;
import tg.gouv.messagerie.portal.pages.Reply;
import tg.gouv.messagerie.portal.pages.Route;
import tg.gouv.messagerie.portal.pages.Route.Access;
import tg.gouv.messagerie.portal.pages.Shell;
import tg.gouv.messagerie.portal.pages.Visit;
import tg.gouv.messagerie.portal.templates.StaticTemplates;

/** Where one's mail goes on to: shown before it is so, and only after the password was shown again, for whoever finds a browser open. */
final class ForwardPages {
    private static final String PLACE = "/compte/renvoi";
    private static final int TEXT_MAX = 2_000;
    private static final int SHOWN_MAX = 100;

    private final Forwards forwards;
    private final StaticTemplates templates = new StaticTemplates();

    ForwardPages(Forwards forwards) {
        this.forwards = forwards;
    }

    List<Route> routes() {
        return List.of(
                Route.get(
                        PLACE,
                        Access.SIGNED_IN,
                        ForwardPages.class,
                        visit -> Reply.page(templates.accountForward(visit.shell(), forwards.of(visit.account())))),
                Route.get(PLACE + "/regler", Access.PROVED, ForwardPages.class, this::begin),
                Route.post(PLACE + "/regler", Access.PROVED, ForwardPages.class, this::set),
                Route.get(PLACE + "/arreter", Access.SIGNED_IN, ForwardPages.class, _ -> Reply.to(PLACE)),
                Route.post(PLACE + "/arreter", Access.SIGNED_IN, ForwardPages.class, this::stop));
    }

    private Reply begin(Visit visit) {
        Now now = forwards.of(visit.account());
        String addresses = now.forward()
                .map(it -> it.to().stream().map(MailAddress::toString).collect(Collectors.joining("\n")))
                .orElse("");
        boolean keeps = now.forward().map(Forward::keeps).orElse(true);
        return page(200, visit, addresses, keeps, List.of(), "");
    }

    private Reply page(int status, Visit visit, String addresses, boolean keeps, List<String> changes, String wrong) {
        return Reply.page(
                status,
                templates.accountForwardNew(visit.shell(), addresses, keeps, forwards.allowsOutside(), changes, wrong));
    }

    private Reply set(Visit visit) {
        String typed = visit.form().text("adresses").strip();
        boolean keeps = !visit.form().line("copie").equals("non");
        if (typed.length() > TEXT_MAX) {
            throw new PageRefused(422, "refused.long", String.valueOf(TEXT_MAX));
        }
        List<MailAddress> to = new ArrayList<>();
        for (String each : words(typed)) {
            try {
                to.add(MailAddress.of(each));
            } catch (IllegalArgumentException _) {
                return page(422, visit, typed, keeps, List.of(), visit.shell().text("forward.bad", shown(each)));
            }
        }
        if (to.isEmpty()) {
            return page(422, visit, typed, keeps, List.of(), visit.shell().text("forward.nowhere"));
        }
        Forward forward = new Forward(to, keeps);
        boolean done = visit.form().has("faire");
        Outcome outcome = done ? forwards.set(visit.owner(), forward) : forwards.rehearse(visit.owner(), forward);
        if (outcome instanceof Outcome.Done) {
            return done
                    ? Reply.to(PLACE + "?fait=forward-set")
                    : page(200, visit, String.join(" ", words(typed)), keeps, changes(visit.shell(), forward), "");
        }
        return page(422, visit, typed, keeps, List.of(), why(visit.shell(), outcome));
    }

    private static List<String> words(String typed) {
        return Stream.of(typed.split("[\\s,;]+", -1))
                .filter(it -> !it.isEmpty())
                .toList();
    }

    private static String shown(String word) {
        return word.length() <= SHOWN_MAX ? word : word.substring(0, SHOWN_MAX) + "…";
    }

    private List<String> changes(Shell shell, Forward forward) {
        List<String> changes = new ArrayList<>();
        for (MailAddress address : forward.to()) {
            changes.add(shell.text(
                    forwards.isOutside(address) ? "forward.would-outside" : "forward.would-go", address.toString()));
        }
        changes.add(shell.text(forward.keeps() ? "forward.would-keep" : "forward.would-not-keep"));
        changes.add(shell.text("forward.would-be-told"));
        return changes;
    }

    private static String why(Shell shell, Outcome outcome) {
        return switch (outcome) {
            case Outcome.Done() -> "";
            case Outcome.Refused refused ->
                shell.text(
                        "forward."
                                + refused.why().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                        refused.address().toString());
            case Outcome.TooMany(int most) -> shell.text("forward.too-many", most);
            case Outcome.NoRoom() -> shell.text("forward.no-room");
        };
    }

    private Reply stop(Visit visit) {
        forwards.stop(visit.account()); // two tabs: it may be over already
        return Reply.to(PLACE + "?fait=forward-stopped");
    }
}
