import * as z from "zod";
import { RequestError } from "../../../../protocol/errors.ts";
import { type Pictures, PICTURE_CHARACTERS } from "../../../identity/staff/pictures.ts";
import { type Route, route } from "../route.ts";

const pictureSchema = z.object({
  picture: z.string().optional().describe("Its path, below the server's own address. Absent: there is none."),
});

/** The picture that customers see beside one's replies. */
export function ownPictureRoutes({ pictures }: { readonly pictures: Pictures }): readonly Route[] {
  const common = { path: "/me/picture", tag: "Self" } as const;
  return [
    route({
      ...common,
      method: "GET",
      operationId: "readOwnPicture",
      summary: "Where one's picture is, which customers see beside one's replies",
      action: "self.read",
      response: pictureSchema,
      handle: async ({ staff }) => {
        const picture = staff.kind === "person" ? await pictures.of(staff.id) : undefined;
        return { body: picture === undefined ? {} : { picture } };
      },
    }),
    route({
      ...common,
      method: "PUT",
      operationId: "setOwnPicture",
      summary: "Replaces one's picture",
      action: "self.write",
      refuses: ["not-found"],
      body: z.strictObject({ picture: z.string().max(PICTURE_CHARACTERS).describe("A data: address of a square PNG, JPEG or WebP.") }),
      response: pictureSchema,
      handle: async ({ staff, body: { picture } }) => {
        if (staff.kind !== "person") throw new RequestError("not-found", { detail: "A key has no picture." });
        return { body: { picture: await pictures.set(staff, picture) } };
      },
    }),
    route({
      ...common,
      method: "DELETE",
      operationId: "removeOwnPicture",
      summary: "Takes one's picture away",
      action: "self.write",
      response: z.null(),
      status: 204,
      handle: async ({ staff }) => {
        await pictures.remove(staff);
        return { body: null };
      },
    }),
  ];
}
