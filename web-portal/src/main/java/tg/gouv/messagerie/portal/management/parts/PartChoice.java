package tg.gouv.messagerie.portal.management.parts;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import tg.gouv.messagerie.directory.EntityCode;
import tg.gouv.messagerie.directory.provisioning.Entity;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused;
import tg.gouv.messagerie.directory.provisioning.Register;
import tg.gouv.messagerie.directory.provisioning.StructureIndex;
import tg.gouv.messagerie.directory.provisioning.StructureIndex.Listed;
import tg.gouv.messagerie.directory.rights.Place;
import tg.gouv.messagerie.directory.rights.Right;
import tg.gouv.messagerie.directory.rights.Rights;
import tg.gouv.messagerie.portal.pages.PageRefused;
import tg.gouv.messagerie.portal.pages.Reply;
import tg.gouv.messagerie.portal.pages.Visit;
import tg.gouv.messagerie.portal.templates.StaticTemplates;

/**
 * An entity is chosen among those in which who asks has a right: nobody types a code.
 *
 * @param place the address of the page; those of entities are below it
 * @param word the word before whose points are the sentences of the page
 */
public record PartChoice(
        StructureIndex structure, Register register, Rights rights, Right right, String place, String word) {
    private static final int PAGE = 25;

    /** The entities, or those that are sought. */
    Reply page(Visit visit) {
        if (rights.heldBy(visit.account()).stream().noneMatch(it -> it.rights().contains(right))) {
            throw new PageRefused(403, "choice.nothing", visit.shell().text("right." + right.word()));
        }
        String sought = visit.query().line("q");
        Optional<EntityCode> after = visit.query().given("apres").isPresent()
                ? Optional.of(visit.query().of("apres", EntityCode::new))
                : Optional.empty();
        List<Listed> found;
        try {
            found = structure.entities(right, sought, after, PAGE + 1);
        } catch (ProvisioningRefused refused) {
            return Reply.page(
                    422,
                    new StaticTemplates()
                            .partsChoice(
                                    visit.shell(),
                                    this,
                                    sought,
                                    List.of(),
                                    "",
                                    visit.shell().sentence(refused)));
        }
        boolean more = found.size() > PAGE;
        List<Listed> shown = more ? found.subList(0, PAGE) : found;
        String next = more
                ? "q=" + URLEncoder.encode(sought, StandardCharsets.UTF_8) + "&apres="
                        + shown.getLast().entity().code()
                : "";
        return Reply.page(new StaticTemplates().partsChoice(visit.shell(), this, sought, shown, next, ""));
    }

    /** The entity of the address, in which who asks has the right; a code of nothing is told as what is not there. */
    Entity chosen(Visit visit) {
        Entity entity = register.entity(visit.name("entite", EntityCode::new)).orElseThrow(PageRefused::nothingThere);
        rights.demand(right, new Place.OfEntity(entity.code()));
        return entity;
    }
}
