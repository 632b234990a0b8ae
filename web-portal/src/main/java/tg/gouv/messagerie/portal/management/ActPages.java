package tg.gouv.messagerie.portal.management;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.PositionCode;
import tg.gouv.messagerie.directory.provisioning.LifeCycle;
import tg.gouv.messagerie.directory.provisioning.Position;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused;
import tg.gouv.messagerie.directory.provisioning.Register.Registered;
import tg.gouv.messagerie.directory.rights.Right;
import tg.gouv.messagerie.mail.Forwards;
import tg.gouv.messagerie.portal.management.Act.Field;
import tg.gouv.messagerie.portal.management.Act.Way;
import tg.gouv.messagerie.portal.management.asking.Asked;
import tg.gouv.messagerie.portal.management.asking.Choice;
import tg.gouv.messagerie.portal.management.asking.Choices;
import tg.gouv.messagerie.portal.management.asking.Filled;
import tg.gouv.messagerie.portal.management.asking.Question.Kind;
import tg.gouv.messagerie.portal.management.asking.Questions;
import tg.gouv.messagerie.portal.pages.PageRefused;
import tg.gouv.messagerie.portal.pages.Reply;
import tg.gouv.messagerie.portal.pages.Route;
import tg.gouv.messagerie.portal.pages.Route.Access;
import tg.gouv.messagerie.portal.pages.Visit;
import tg.gouv.messagerie.portal.templates.StaticTemplates;

/** What happens to a person, one page for each {@link Act}. */
final class ActPages {
    private final ManagementPages.Parts parts;
    private final Known known;
    private final StaticTemplates templates = new StaticTemplates();

    ActPages(ManagementPages.Parts parts, Known known) {
        this.parts = parts;
        this.known = known;
    }

    List<Route> routes() {
        List<Route> all = new ArrayList<>();
        for (Act act : Act.values()) {
            String place = ManagementPages.PERSON + "/" + act.word();
            all.add(Route.get(place, Access.PROVED, ManagementPages.class, visit -> form(200, visit, act, "")));
            all.add(Route.post(place, Access.PROVED, ManagementPages.class, visit -> act(visit, act)));
        }
        return all;
    }

    private Reply form(int status, Visit visit, Act act, String wrong) {
        Registered person = known.person(visit, act.right());
        return Reply.page(status, templates.managementAsk(visit.shell(), asked(visit, act, person), wrong));
    }

    /** The first time it shows what would change; the second time it is done. */
    private Reply act(Visit visit, Act act) {
        Registered person = known.person(visit, act.right());
        if (visit.form().has("corriger")) {
            return form(200, visit, act, "");
        }
        LifeCycle wanted;
        LifeCycle.Done would;
        List<String> forwards = act == Act.DEPARTURE ? forwards(person) : List.of();
        try {
            wanted = act.asked(
                    person.person().address(),
                    visit.form(),
                    visit.shell().site().zone());
            if (visit.form().has("faire")) {
                LifeCycle.Done done = parts.provisioning().perform(wanted);
                return Reply.page(templates.managementDone(
                        visit.shell(), person, act.word(), changes(visit).sentences(wanted, person, done, forwards)));
            }
            would = parts.provisioning().rehearse(wanted);
        } catch (ProvisioningRefused refused) {
            return form(422, visit, act, visit.shell().sentence(refused));
        } catch (PageRefused refused) {
            return form(422, visit, act, refused.sentence(visit.shell()));
        }
        Asked form = asked(visit, act, person);
        return Reply.page(templates.managementWould(
                visit.shell(),
                form,
                Filled.of(visit, form, Map.of()),
                changes(visit).sentences(wanted, person, would, forwards)));
    }

    private List<String> forwards(Registered person) {
        Forwards.Now now = parts.forwards().of(person.account());
        return Stream.concat(
                        now.forward().stream().flatMap(it -> it.to().stream()).map(MailAddress::toString),
                        now.others().stream())
                .distinct()
                .toList();
    }

    private Changes changes(Visit visit) {
        return new Changes(visit.shell(), parts.register());
    }

    private Asked asked(Visit visit, Act act, Registered person) {
        Questions questions = new Questions(visit, act.word() + ".");
        Optional<Choices> sought = act.fields().stream().anyMatch(it -> it.way() == Way.POSITION)
                ? Optional.of(Choices.positions(visit, parts.structure(), Right.ASSIGN))
                : Optional.empty();
        for (Field field : act.fields()) {
            switch (field.way()) {
                case TEXT -> line(questions, field, Kind.TEXT);
                case EMAIL -> line(questions, field, Kind.EMAIL);
                case DATE -> line(questions, field, Kind.DATE);
                case HELD -> held(visit, questions, field, person);
                case POSITION ->
                    questions.choice(field.name(), sought.orElseThrow().found(), "");
            }
        }
        sought.ifPresent(questions::sought);
        String place = ManagementPages.place(person);
        return new Asked(
                visit.shell().text("act." + act.word()) + " – "
                        + person.person().name().display(),
                visit.shell().text("act." + act.word() + ".what"),
                place + "/" + act.word(),
                place,
                sought.filter(Choices::isMany),
                questions.all());
    }

    private static void line(Questions questions, Field field, Kind kind) {
        if (field.required()) {
            questions.line(kind, field.name(), "");
        } else {
            questions.optional(kind, field.name(), "");
        }
    }

    private void held(Visit visit, Questions questions, Field field, Registered person) {
        Map<PositionCode, Position> named = parts.register().positions(person.positions());
        List<Choice> choices = person.positions().stream()
                .map(code -> new Choice(
                        code.value(),
                        Optional.ofNullable(named.get(code))
                                .map(Position::title)
                                .orElse(code.value())))
                .toList();
        if (field.required()) {
            questions.choice(field.name(), choices, "");
        } else {
            questions.choice(field.name(), choices, "", visit.shell().text("empty." + field.name()));
        }
    }
}
