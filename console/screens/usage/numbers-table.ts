import { html, type TemplateResult } from "lit";

export interface NumbersColumn<Row> {
  readonly label: string;
  readonly cell: (row: Row) => string;
}

/** Numbers that are read, not walked through; it scrolls by itself where there is no room. */
export function numbersTable<Row>(label: string, columns: readonly NumbersColumn<Row>[], rows: readonly Row[]): TemplateResult {
  return html`<div class="numbers-table" role="region" aria-label=${label} tabindex="0">
    <table>
      <thead>
        <tr>
          ${columns.map((column) => html`<th scope="col">${column.label}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${columns.map(({ cell }, index) =>
                index === 0 ? html`<th scope="row" title=${cell(row)}>${cell(row)}</th>` : html`<td>${cell(row)}</td>`,
              )}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
