package tg.gouv.messagerie.portal.management;

import tg.gouv.messagerie.directory.provisioning.Register.Registered;
import tg.gouv.messagerie.directory.rights.Right;
import tg.gouv.messagerie.portal.pages.Visit;

/** The person of a page's address. */
@FunctionalInterface
interface Known {
    /**
     * The person, for who has a right where they are.
     *
     * @throws tg.gouv.messagerie.portal.pages.PageRefused if nobody has the address
     * @throws tg.gouv.messagerie.directory.provisioning.ProvisioningRefused if who acts has not the right
     */
    Registered person(Visit visit, Right right);
}
