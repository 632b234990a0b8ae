package tg.gouv.messagerie.portal.management.asking;

import java.util.List;
import java.util.function.Function;
import tg.gouv.messagerie.directory.provisioning.Provisioning;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused;
import tg.gouv.messagerie.portal.pages.PageRefused;
import tg.gouv.messagerie.portal.pages.Reply;
import tg.gouv.messagerie.portal.pages.Route;
import tg.gouv.messagerie.portal.pages.Route.Access;
import tg.gouv.messagerie.portal.pages.Visit;
import tg.gouv.messagerie.portal.templates.StaticTemplates;

/**
 * An act with its page: it asks, shows what would change, and does it when that was seen. What is refused comes back with the form and the
 * sentence that says why.
 *
 * @param asked the form, for who may see it; throws what {@link Route.Doing} throws for who may not
 * @param planned what a form that was filled in wants
 */
public record Step(Function<Visit, Asked> asked, Function<Visit, Planned> planned) {
    private static final StaticTemplates TEMPLATES = new StaticTemplates();

    /** The routes of an act at an address, for who has shown the password lately. */
    public static List<Route> routes(
            String path,
            Class<?> texts,
            Provisioning provisioning,
            Function<Visit, Asked> asked,
            Function<Visit, Planned> planned) {
        Step step = new Step(asked, planned);
        return List.of(
                Route.get(path, Access.PROVED, texts, visit -> step.form(200, visit, asked.apply(visit), "")),
                Route.post(path, Access.PROVED, texts, visit -> step.answer(visit, provisioning)));
    }

    private Reply answer(Visit visit, Provisioning provisioning) {
        Asked form = asked.apply(visit);
        if (visit.form().has("corriger")) {
            return form(200, visit, form, "");
        }
        try {
            Planned plan = planned.apply(visit);
            if (visit.form().has("faire")) {
                return Reply.to(plan.act().apply(provisioning));
            }
            if (!plan.sentences().isEmpty()) {
                provisioning.rehearse(plan.act());
            }
            return Reply.page(TEMPLATES.managementWould(
                    visit.shell(), form, Filled.of(visit, form, plan.settled()), plan.sentences()));
        } catch (ProvisioningRefused refused) {
            return form(422, visit, form, visit.shell().sentence(refused));
        } catch (PageRefused refused) {
            return form(422, visit, form, refused.sentence(visit.shell()));
        }
    }

    private Reply form(int status, Visit visit, Asked form, String wrong) {
        return Reply.page(status, TEMPLATES.managementAsk(visit.shell(), form, wrong));
    }
}
